// The lines of a statement as a table shows them: a title, the arithmetic beneath, the amount.
import { stamp } from "./page.js";

const TITLES = { interest: "Pénalités de retard", indemnity: "Indemnité forfaitaire", payment: "Paiement reçu", waiver: "Pénalités abandonnées", cost: "Frais fixés par un juge" };

// The rule and the detail may begin with the title again: once is enough.
export const lines = ({ lines: all }) => all.map(({ kind, invoice, amount, detail, rule }) => {
  const title = TITLES[kind] ?? `Facture ${invoice ?? ""}`, after = text => text?.startsWith(title) ? text.slice(title.length).replace(/^[, ]+/, "") : text;
  return stamp("t-line", { title, detail: [after(detail), kind === "principal" ? "" : after(rule)].filter(Boolean).join(" · "), amount });
});
