// What changes the sum and the creditor alone knows: a payment made to them, a credit note they gave. Fetched when first opened.
import { $, toast } from "./page.js";
import { Problem, api } from "./api.js";
import { onSubmit } from "./form.js";

const telling = $("[data-telling]");
let number = crypto.randomUUID(), path, again;

export function toggle(opener, ...place) {
  [path, again] = place;
  telling.hidden = !telling.hidden;
  opener.setAttribute("aria-expanded", !telling.hidden);
  if (!telling.hidden) $("#direct_amount").focus();
}

// The focus goes back to what opened the forms, which are gone.
function noted(form, said) {
  form.reset();
  toggle($("[data-tell]"), path, again);
  $("[data-tell]").focus();
  toast(said);
  again();
}

onSubmit($("[data-direct]"), async ({ amount, on }) => {
  await api("POST", `${path}/payments`, { amount, on, means: "direct", payment: number });
  number = crypto.randomUUID();
  noted($("[data-direct]"), "Paiement noté");
});

onSubmit($("[data-credit]"), async ({ number, amount, on, mends = "", invoice }) => {
  const file = $("#credit_file").files[0];
  await api("POST", `${path}/credit-notes`, { number, amount, on, mends, invoice: $("[data-which]").hidden ? "" : invoice, file: file ? await sent(file) : "" });
  noted($("[data-credit]"), "Avoir déduit");
});

async function sent(file) {
  const { file: name, upload } = await api("POST", `${path}/files`, { type: file.type }), body = new FormData();
  for (const [key, value] of Object.entries(upload.fields)) body.append(key, value);
  body.append("file", file);
  const answer = await fetch(upload.url, { method: "POST", body }).catch(() => ({}));
  if (!answer.ok) throw new Problem(422, { field: "file", title: "Ce fichier n’a pas pu être envoyé. Choisissez un PDF ou une photo de moins de 10 Mo." });
  return name;
}
