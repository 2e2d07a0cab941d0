// Beside the debtor of a deposit: what the register says, its address to take over, likely companies, and a procedure to know before anything else.
// Nothing is changed by itself. Away, it says « non vérifié » and the form goes on.
import { $, element, icon } from "./page.js";
import { api } from "./api.js";
import { line } from "./company.js";

const WATCHED = ["debtor_siren", "debtor_kind", "debtor_name"];
const UNVERIFIED = { companies: "le registre des entreprises", notices: "les annonces légales", addresses: "la Base adresse nationale" };

export function mount(form, id, draft) {
  const place = $("[data-register]", form);
  if (!place) return;
  let turn = 0;
  const control = name => form.elements[name], value = name => control(name)?.value ?? "";
  const set = (name, text) => { const field = control(name); if (field) { field.value = text; field.dispatchEvent(new Event("input", { bubbles: true })); } };
  const button = (label, act) => { const made = element("button", { type: "button", className: "btn btn--2 btn--s" }, label); made.addEventListener("click", act); return made; };

  async function look() {
    const mine = ++turn, query = new URLSearchParams(["debtor_siren", "debtor_kind", "debtor_name", "debtor_line1", "debtor_postcode", "debtor_city", "debtor_country"].map(name => [name, value(name)]));
    const said = await api("GET", `/api/drafts/${id}/debtor?${query}`, undefined, draft).catch(() => null);
    if (mine === turn) place.replaceChildren(...(said ? panel(said) : []));
  }

  function panel({ identity, company, candidates, address, normalised, register_address: seat, procedure, unverified }) {
    const parts = [];
    if (procedure) parts.push(element("div", { className: "callout callout--err" }, icon("alert"), element("div", {}, element("p", {}, element("strong", {}, `Procédure collective\u00a0: ${procedure.label}`)), element("p", {}, procedure.says),
      ...(procedure.url ? [element("p", {}, element("a", { href: procedure.url, target: "_blank", rel: "noopener noreferrer" }, "Lire l’annonce au BODACC (nouvel onglet)"))] : []))));
    if (company && identity === "differs") parts.push(note("alert", `Ce SIREN correspond à « ${company.name} ». Est-ce bien votre client\u00a0?`, button("Oui, reprendre ce nom", () => { set("debtor_name", company.name); look(); })));
    if (company && identity === "matches") parts.push(note("check", `Au registre\u00a0: ${[company.name, company.form, company.town].filter(Boolean).join(", ")}.`));
    if (identity === "ceased") parts.push(note("alert", `Cette entreprise a cessé son activité${company?.ceased ? " d’après le registre" : ""}. Nous rechercherons qui répond de la dette.`));
    if (identity === "unknown") parts.push(note("alert", "Ce SIREN n’est pas au registre. Vérifiez-le sur une facture ou un devis de votre client."));
    if (seat && !procedure) parts.push(note("info", `Adresse du siège au registre\u00a0: ${seat.text}.`, button("Reprendre l’adresse du registre", () => take(seat))));
    else if (normalised && address !== "to_research") parts.push(note("info", `La Base adresse nationale l’écrit\u00a0: ${normalised.text}.`, button("Reprendre cette adresse", () => take(normalised))));
    if (address === "to_research") parts.push(note("alert", "Cette adresse n’est pas connue de la Base adresse nationale. Vérifiez-la\u00a0: une lettre pourrait revenir."));
    if (candidates.length) parts.push(note("info", "Est-ce l’une de ces entreprises\u00a0?", ...candidates.map(each => button(line(each).join(" · "), () => { set("debtor_siren", each.siren); look(); }))));
    if (unverified.length) parts.push(element("p", { className: "hint" }, `Non vérifié\u00a0: ${unverified.map(name => UNVERIFIED[name]).join(", ")}. Cela n’empêche pas de continuer.`));
    return parts;
  }

  const note = (glyph, text, ...acts) => element("div", { className: "register__n" }, icon(glyph), element("div", {}, element("p", {}, text), ...(acts.length ? [element("p", { className: "row" }, ...acts)] : [])));
  function take(address) {
    for (const name of ["line1", "line2", "postcode", "city"]) set(`debtor_${name}`, address[name]);
    look();
    control("debtor_line1")?.focus();
  }

  place.setAttribute("role", "status");
  for (const name of WATCHED) form.addEventListener("change", event => { if (event.target.name === name) look(); });
  return look();
}
