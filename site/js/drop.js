// The file drop: choose or drag one invoice; checked before sending; real progress; cancel; then it is read.
// The chosen file goes straight to the store with the form the API signed; the page keeps the draft's token after the #.
import { $, $$ } from "./page.js";
import { api } from "./api.js";

const TYPES = { pdf: "application/pdf", xml: "application/xml" }, MAX = 10 * 2 ** 20;

for (const drop of $$("[data-drop]")) {
  const input = $("input", drop), error = $("[data-error]", drop), bar = $("[data-progress]", drop), idle = $("[data-idle]", drop);
  let sending;

  input.addEventListener("change", () => take(input.files[0]));
  for (const over of ["dragenter", "dragover"]) drop.addEventListener(over, event => { event.preventDefault(); drop.classList.add("is-over"); });
  for (const out of ["dragleave", "drop"]) drop.addEventListener(out, event => { event.preventDefault(); drop.classList.remove("is-over"); });
  drop.addEventListener("drop", event => take(event.dataTransfer.files[0]));
  $("[data-cancel]", drop).addEventListener("click", () => { sending?.abort(); back(); input.focus(); });

  async function take(file) {
    error.hidden = true; drop.classList.remove("is-bad"); input.removeAttribute("aria-invalid");
    if (!file || sending) return;
    const type = TYPES[file.name.split(".").pop().toLowerCase()];
    if (!type) return refuse("Ce fichier n’est pas lisible. Choisissez un PDF, une Factur-X ou un XML.");
    if (!file.size) return refuse("Ce fichier est vide.");
    if (file.size > MAX) return refuse("Ce fichier dépasse 10 Mo. Choisissez un fichier plus léger.");
    sending = new AbortController();
    const { signal } = sending;
    idle.hidden = true; bar.hidden = false;
    $("[data-name]", bar).textContent = file.name;
    progress(0); stage("Envoi…");
    bar.focus();
    try {
      const { draft, upload } = await api("POST", "/api/uploads", { name: file.name, size: file.size, type });
      if (signal.aborted) return;
      await send(upload, file, signal);
      stage("Lecture des informations…");
      await api("POST", `/api/drafts/${draft.split(".")[0]}/reading`, {}, draft);
      if (!signal.aborted) location.assign(`/verifier#${draft}`);
    } catch (problem) {
      if (!signal.aborted) { back(); refuse(problem.errors?.[0]?.message ?? problem.message); }
    }
  }

  const send = ({ url, fields }, file, signal) => new Promise((done, fail) => {
    const form = new FormData(), request = new XMLHttpRequest();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", file);
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(Math.round(loaded / total * 100)));
    request.addEventListener("load", () => request.status < 300 ? done()
      : fail(new Error(/EntityTooLarge/.test(request.responseText) ? "Ce fichier dépasse 10 Mo. Choisissez un fichier plus léger." : "L’envoi a été refusé. Choisissez à nouveau le fichier.")));
    request.addEventListener("error", () => fail(new Error("L’envoi a été interrompu. Choisissez à nouveau le fichier.")));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", url);
    request.send(form);
  });

  const stage = text => { $("[data-stage]", bar).textContent = text; };
  const progress = percent => { $("progress", bar).value = percent; $("[data-percent]", bar).textContent = `${percent}\u00a0%`; };
  const back = () => { sending = undefined; idle.hidden = false; bar.hidden = true; input.value = ""; };
  const refuse = text => { error.textContent = text; error.hidden = false; drop.classList.add("is-bad"); input.setAttribute("aria-invalid", "true"); input.value = ""; input.focus(); };
}
