// One file to the store, with the form the API signed, then read: what may be sent, real progress, and what came of it.
import { api } from "./api.js";

const MAX = 10 * 2 ** 20, SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const TYPES = { pdf: "application/pdf", xml: "application/xml", jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", heic: "image/heic", zip: "application/zip", csv: "text/csv", xlsx: SHEET };
const TOO_LARGE = "Ce fichier dépasse 10 Mo. Choisissez un fichier plus léger.";
const ending = file => file.name.split(".").pop().toLowerCase();
export const bundle = file => ["zip", "csv", "xlsx"].includes(ending(file));

export function wrong(file) {
  if (!TYPES[ending(file)]) return "Ce fichier n’est pas lisible. Choisissez un PDF, une Factur-X, une photo, un ZIP ou un tableau.";
  if (!file.size) return "Ce fichier est vide.";
  return file.size > MAX ? TOO_LARGE : "";
}

// Answers the token of the draft. `progress` is told percents of what really left.
export async function send(file, progress, signal) {
  const { draft, upload } = await api("POST", "/api/uploads", { name: file.name, size: file.size, type: TYPES[ending(file)] });
  signal?.throwIfAborted();
  await post(upload, file, progress, signal);
  return draft;
}

export const read = draft => api("POST", `/api/drafts/${draft.split(".")[0]}/reading`, {}, draft);
export const sentence = problem => problem.errors?.[0]?.message ?? problem.message;

const post = ({ url, fields }, file, progress, signal) => new Promise((done, fail) => {
  const form = new FormData(), request = new XMLHttpRequest();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  request.upload.addEventListener("progress", ({ loaded, total }) => progress(Math.round(loaded / total * 100)));
  request.addEventListener("load", () => request.status < 300 ? done()
    : fail(new Error(/EntityTooLarge/.test(request.responseText) ? TOO_LARGE : "L’envoi a été refusé. Choisissez à nouveau le fichier.")));
  request.addEventListener("error", () => fail(new Error("L’envoi a été interrompu. Choisissez à nouveau le fichier.")));
  signal?.addEventListener("abort", () => { request.abort(); fail(signal.reason); });
  request.open("POST", url);
  request.send(form);
});
