// What may happen to any case on any day, from the work list or from the page of a case (/equipe#payer:RG-26-00001, #retour:RG-26-00001:<payment>).
// Each opens a form that asks for the case; a payment numbers itself, so that it is recorded once when sent twice. Fetched when first opened.
import { $, $$, toast, write } from "./page.js";
import { Problem, api, typedBefore } from "./api.js";
import { onSubmit } from "./form.js";

const KINDS = {
  payer: ["payment", "payments", "Paiement enregistré"],
  contester: ["disputed", "disputes", "Contestation notée"],
  retour: ["returned", "", "Retour enregistré"],
  avoir: ["credited", "credit-notes", "Avoir enregistré"],
  prescription: ["moved", "limitation", "Prescription mise à jour"],
};
const all = Object.fromEntries(Object.entries(KINDS).map(([what, [name]]) => [what, { form: $(`[data-${name}-form]`), opener: $(`[data-${name}]`) }]));
let number = crypto.randomUUID(), today, load;

export function toggle(opener, ...place) {
  [today, load] = place;
  const one = Object.values(all).find(each => each.opener === opener);
  show(one, one.form.hidden);
  if (!one.form.hidden) one.form.elements.case.focus();
}

// Also what was being typed when the session ended.
export function open(what, ref, payment = "", ...place) {
  [today, load] = place;
  for (const each of Object.values(all)) if (typedBefore(each.form)) show(each, true);
  if (!ref || !all[what]) return;
  const { form } = all[what];
  show(all[what], true);
  form.elements.case.value = ref;
  if (what === "retour") choices(ref, payment);
  $$("input:not([name=case]), textarea", form).find(field => !field.value)?.focus();
}

// The payments of the case that is typed: one of them came back.
async function choices(ref, chosen = "") {
  const known = await api("GET", `/api/cases/${encodeURIComponent(ref)}`).then(({ payments }) => payments.filter(({ returned }) => !returned), () => []);
  all.retour.form.elements.payment.replaceChildren(
    ...(known.length ? [] : [new Option("Aucun paiement dans ce dossier", "")]),
    ...known.map(({ payment, amount, on }) => new Option(`${write.eur(amount)}, reçu le ${write.day_month(on)}`, payment, false, payment === chosen)),
  );
}
all.retour.form.elements.case.addEventListener("change", ({ target }) => choices(target.value.trim().toUpperCase()));

function show({ form, opener }, shown) {
  form.hidden = !shown;
  if (form.elements.on) form.elements.on.value ||= today;
  opener.setAttribute("aria-expanded", shown);
}

for (const [what, [, route, said]] of Object.entries(KINDS)) {
  const { form, opener } = all[what];
  $("[data-close]", form).addEventListener("click", () => { show(all[what], false); opener.focus(); });
  onSubmit(form, async ({ case: typed, protest, ...body }) => {
    const ref = typed.toUpperCase(), path = `/api/cases/${encodeURIComponent(ref)}`;
    if (!/^RG-\d{2}-\d+$/.test(ref)) throw new Problem(422, { field: "case", title: "Saisissez la référence du dossier, par exemple RG-26-00001." });
    if (what === "retour" && !body.payment) throw new Problem(422, { field: "payment", title: "Choisissez le paiement qui est revenu." });
    if (!body.invoice) delete body.invoice;
    if (what === "payer") Object.assign(body, { payment: number, ...(protest && { protest: true }) });
    await api("POST", what === "retour" ? `${path}/payments/${encodeURIComponent(body.payment)}/return` : `${path}/${route}`, body);
    if (what === "payer") number = crypto.randomUUID();
    toast(`${said} dans le dossier ${ref}`);
    form.reset();
    show(all[what], false);
    opener.focus();
    await load();
  });
}
