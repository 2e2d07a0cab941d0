// The example of « Comment nous calculons »: what is owed, counted again at each change. `#montant=1200&du=31/01/2026` fills it from a link.
import { $, element, write } from "./page.js";
import { api } from "./api.js";
import { clear, onSubmit, show, values } from "./form.js";
import { lines } from "./statement.js";

const form = $("[data-owed]");
const FROM_LINK = { montant: "amount", facture: "issued", du: "due", jour: "on", client: "debtor", pays: "country", taux: "rate", paye: "paid", paye_le: "paid_on", presentee: "notice" };
const FIELDS = { regime: "debtor", debtor_country: "country", formal_notice_on: "notice", on: "on", "invoices[0].issued": "issued", "invoices[0].due": "due",
  "invoices[0].amount": "amount", "invoices[0].agreed_rate": "rate", "payments[0].on": "paid_on", "payments[0].amount": "paid" };
let asked = 0;

const claim = ({ amount, issued, due, debtor, country, rate, paid, paid_on, notice, on }) => ({
  regime: debtor, debtor_country: country, claim: "service", on, formal_notice_on: debtor === "b2c" ? notice : "",
  invoices: [{ number: "Exemple", issued, due, amount, agreed_rate: debtor === "b2b" ? rate : "" }],
  payments: paid ? [{ amount: paid, on: paid_on }] : [],
});

async function count(typed) {
  const turn = ++asked;
  try {
    const owed = await api("POST", "/api/owed", claim(typed));
    if (turn === asked) tell(owed);
  } catch (problem) {
    if (turn === asked) blank(); // no figure of the question before beside a wrong field
    for (const error of problem.errors ?? []) error.field = FIELDS[error.field] ?? error.field;
    throw problem;
  }
}

function tell(owed) {
  clear(form);
  document.title = document.title.replace(/^Erreur : /, "");
  $("[data-lines]").replaceChildren(...lines(owed));
  $("[data-balance]").textContent = write.eur(owed.balance);
  $("[data-limitation]").textContent = Number(owed.balance) > 0 ? owed.limitations[0].sentence : "";
  $("[data-warnings]").replaceChildren(...owed.warnings.map(({ message }) => element("li", {}, message)));
  $("[data-warnings]").hidden = !owed.warnings.length;
  $("[data-said]").textContent = `Reste dû\u00a0: ${write.eur(owed.balance)}`;
}

function blank() {
  for (const name of ["lines", "warnings"]) $(`[data-${name}]`).replaceChildren();
  for (const name of ["balance", "limitation"]) $(`[data-${name}]`).textContent = "";
}

function shape() {
  const consumer = form.elements.debtor.value === "b2c";
  $("[data-consumer]", form).hidden = !consumer;
  $("[data-professional]", form).hidden = form.elements.debtor.value !== "b2b";
}

for (const [name, value] of new URLSearchParams(location.hash.slice(1))) if (FROM_LINK[name]) form.elements[FROM_LINK[name]].value = value;
form.hidden = false;
shape();
onSubmit(form, count);
form.addEventListener("change", () => {
  shape();
  count(values(form)).catch(problem => { $("[data-said]").textContent = problem.errors?.[0]?.message ?? problem.message; });
});
if (location.hash.includes("=")) count(values(form)).catch(problem => show(form, problem));
