// The whole deal on one page, then one button beside the signatory's name. "Ce n'est pas moi" opens the name and the role.
import { $, fill, masked, ready, stamp, token } from "./page.js";
import { api } from "./api.js";
import { onSubmit } from "./form.js";
import { lines } from "./statement.js";

let shown = "";
const draft = token("draft"), id = draft.split(".")[0], form = $("[data-mandate]"), signatory = $("[data-signatory]");

start().catch(problem => { ready(false); $("[data-lost] p").prepend(problem.status === 404 || problem.status === 401 ? "" : `${problem.message} `); });

async function start() {
  const read = draft ? await api("GET", `/api/drafts/${id}`, undefined, draft) : null;
  if (!read) return ready(false);
  if (["accepted", "waiting_agency", "opened", "refused"].includes(read.state)) return location.replace(`/confirmation#${draft}`);
  if (!read.quote) return location.replace(`/verifier#${draft}`);
  const { fields, quote } = read, { signatory_name: name, signatory_role: role } = fields, mine = fields.creditor_kind === "individual";
  fill(document, {
    ...read, role: mine ? "" : role && `, ${role}`, iban: masked(fields.creditor_iban),
    debtor: [fields.debtor_name, fields.debtor_line1, fields.debtor_line2, `${fields.debtor_postcode} ${fields.debtor_city}`].filter(Boolean).join(", "),
  });
  shown = quote.mandate.fingerprint;
  $("[data-lines]").append(...lines(quote), stamp("t-total", quote));
  $("[data-ladder]").append(...quote.ladder.map(rung => stamp("t-date", rung)));
  $("[data-clauses]").append(...quote.mandate.clauses.map(({ title, text }) => stamp("t-clause", { title, text: [text].flat().join("\n") })));
  if (quote.limitation_note) Object.assign($("[data-note]"), { textContent: quote.limitation_note, hidden: false });
  $("details").addEventListener("toggle", () => pdf().catch(() => {}), { once: true });
  $("[data-back]").href = `/verifier#${draft}`;
  form.elements.name.value = name;
  form.elements.role.value = role;
  form.elements.role.closest(".field").hidden = $("[data-office]").hidden = mine; // a private person signs for themselves
  someoneElse(!name || !(role || mine));
  ready();
}

// Made only for who wants it: the same words, on paper.
async function pdf() {
  const { link, size } = await api("GET", `/api/drafts/${id}/mandate`, undefined, draft);
  Object.assign($("[data-pdf]"), { href: link, hidden: false, textContent: `Le même en PDF, ${Math.ceil(size / 1024)}\u00a0Ko (nouvel onglet)` });
}

function someoneElse(yes) {
  signatory.hidden = !yes;
  $("[data-known]").hidden = yes;
}

$("[data-not-me]").addEventListener("click", () => {
  someoneElse(true);
  form.elements.name.value = form.elements.role.value = "";
  form.elements.name.focus();
});

onSubmit(form, async ({ name, role }) => {
  await api("POST", `/api/drafts/${id}/mandate`, { signatory: { name, role }, read: shown }, draft);
  location.assign(`/confirmation#${draft}`);
}, () => someoneElse(true));
