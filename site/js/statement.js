// The lines of a statement as a table shows them: a title, the arithmetic beneath, the amount.
import { stamp } from "./page.js";

// What is not here is called by the words of its rule, before the article: penalties between professionals are a consumer's legal interest.
const TITLES = { indemnity: "Indemnité forfaitaire", payment: "Paiement reçu", returned: "Paiement revenu impayé" };

const SHORT = { payment: "Paiement" };
const whole = text => text.replace(/(\d)-(?=\d)/g, "$1\u2060-\u2060"); // L441-10 stays on one line

// The rule and the detail may begin with the title again: once is enough.
export const lines = ({ lines: all }) => all.map(({ kind, invoice, amount, detail, rule }) => {
  const title = kind === "principal" ? `Facture ${invoice ?? ""}` : TITLES[kind] ?? rule.split(",")[0], said = [title, SHORT[kind]];
  const after = text => said.reduce((left, start) => start && left?.startsWith(start) ? left.slice(start.length).replace(/^[,: ]+/, "") : left, text);
  return stamp("t-line", { title, detail: whole([after(detail), kind === "principal" ? "" : after(rule)].filter(Boolean).join(" · ")), amount });
});
