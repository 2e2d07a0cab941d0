// The lines of a statement as a table shows them: a title, the arithmetic beneath, the amount.
import { stamp } from "./page.js";

const TITLES = { interest: "Pénalités de retard", indemnity: "Indemnité forfaitaire", payment: "Paiement reçu", waiver: "Pénalités abandonnées", cost: "Frais fixés par un juge" };

const SHORT = { payment: "Paiement" };
const whole = text => text.replace(/(\d)-(?=\d)/g, "$1\u2060-\u2060"); // L441-10 stays on one line

// The rule and the detail may begin with the title again: once is enough.
export const lines = ({ lines: all }) => all.map(({ kind, invoice, amount, detail, rule }) => {
  const title = TITLES[kind] ?? `Facture ${invoice ?? ""}`, said = [title, SHORT[kind]];
  const after = text => said.reduce((left, start) => start && left?.startsWith(start) ? left.slice(start.length).replace(/^[, ]+/, "") : left, text);
  return stamp("t-line", { title, detail: whole([after(detail), kind === "principal" ? "" : after(rule)].filter(Boolean).join(" · ")), amount });
});
