// The debtor's page: the code, then who claims what and on which basis, how to pay, whom to speak to. No login, no trace of the code in an address.
import { $, $$, fill, iban, of, ready, stamp, toast, token, write } from "./page.js";
import { api } from "./api.js";
import { spelled, tidy } from "./code.js";
import { busy } from "./busy.js";
import { show } from "./form.js";
import { lines } from "./statement.js";

const STATES = {
  paid: () => "La somme est réglée. La quittance vous a été envoyée. Vous n’avez plus rien à faire.",
  withdrawn: name => `${name} a retiré sa demande. Vous n’avez rien à faire.`,
  closed: () => "Ce dossier est clos. Vous n’avez rien à faire.",
  disputed: () => "Votre contestation est examinée. Les relances sont arrêtées en attendant. Payer ce que vous ne contestez pas reste possible.",
  insolvent: () => "Une procédure collective est ouverte. Nous ne vous réclamons plus rien ici : voyez avec le mandataire judiciaire.",
  handed_over: name => `${name} a confié la suite à notre service juridique. Payer ou proposer une solution reste possible.`,
};
const form = $("[data-code]"), given = token("letter", true);
form.addEventListener("code", ({ detail }) => open(detail));
if (given) { form.elements.code.value = spelled(tidy(given)); open(tidy(given)); }

function open(code) {
  return busy($("button", form), async () => {
    const view = await api("POST", "/api/letters", { code }, "letter");
    sessionStorage.setItem("reglo:letter", code);
    tell(view, code);
    $("[data-ask]").hidden = true;
    ready();
    $("#t").focus();
  }).catch(problem => {
    sessionStorage.removeItem("reglo:letter");
    show(form, Object.assign(problem, { errors: problem.errors?.length ? problem.errors : [{ field: "code", message: problem.message }] }));
  });
}

function tell(view, code) {
  const { statement, pay, contact, creditor, debtor, letter } = view, due = Boolean(pay) && Number(statement.balance) > 0, sentence = STATES[view.state]?.(creditor.name) ?? "";
  const raw = pay && { ...pay, iban: pay.iban.replace(/\s/g, ""), amount: statement.balance.replace(".", ",") };
  fill($("main"), {
    ...view, code: spelled(code), initials: contact.name.split(" ").map(part => part[0]).slice(0, 2).join(""),
    pay: pay && { ...pay, iban: iban(pay.iban), amount: write.eur(statement.balance) }, state_sentence: sentence,
    title: view.state === "withdrawn" ? "La demande est retirée" : ["insolvent", "closed"].includes(view.state) ? "Rien ne vous est demandé ici" : due ? `Une facture ${of(creditor.name)} reste à régler` : "Tout est réglé",
    hello: `Bonjour. ${letter ? `Suite à notre lettre du ${write.day(letter.on)} à ${debtor.name}` : `Pour ${debtor.name}`}, ${due ? "voici ce qui vous est réclamé, et tout ce que vous pouvez faire." : "vous n’avez plus rien à faire."}`,
  });
  $("[data-letter]").hidden = !letter;
  $("[data-lines]").replaceChildren(...lines(statement), stamp("t-line", { title: "Nos frais", detail: "À la charge du créancier, jamais de vous", amount: "0.00" }));
  for (const part of $$("[data-due]")) part.hidden = !due;
  $("[data-claimed]").hidden = ["withdrawn", "closed", "insolvent"].includes(view.state);
  $("[data-state]").hidden = !sentence;
  for (const place of $$("[data-reach]")) {
    const buttons = document.getElementById("t-reach").content.cloneNode(true);
    fill(buttons, contact);
    $("[data-tel]", buttons).href = `tel:${contact.phone.replace(/\s/g, "").replace(/^0/, "+33")}`;
    $("[data-mail]", buttons).href = `mailto:${contact.email}?subject=${encodeURIComponent(`Dossier ${view.ref}`)}`;
    place.replaceChildren(buttons);
  }
  for (const button of $$("[data-copy]")) button.addEventListener("click", async () => {
    const text = raw[button.dataset.copy];
    try { await navigator.clipboard.writeText(text); toast(`Copié\u00a0: ${text}`); } catch { toast("Copie impossible\u00a0: sélectionnez le texte"); }
  });
}
