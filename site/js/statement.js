// The lines of a statement as a table shows them: a title, the arithmetic beneath, the amount.
import { stamp } from "./page.js";

const TITLES = { interest: "Pénalités de retard", indemnity: "Indemnité forfaitaire", payment: "Paiement reçu", waiver: "Pénalités abandonnées", cost: "Frais fixés par un juge" };

export const lines = ({ lines: all }) => all.map(({ kind, invoice, amount, detail, rule }) => stamp("t-line", {
  title: TITLES[kind] ?? `Facture ${invoice ?? ""}`, detail: [detail, kind === "principal" ? "" : rule].filter(Boolean).join(" · "), amount }));
