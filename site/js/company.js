// A company as the public registers tell it: facts, its note with each reason, notices, and what did not answer. One drawing for every page.
import { $, element, icon, stamp, write } from "./page.js";
import { api } from "./api.js";

const SIREN = value => value.replace(/(\d{3})(?=\d)/g, "$1\u00a0");
const STATES = { open: "Procédure en cours", plan: "Plan en cours", written_off: "Procédure close faute d’actif" };

export function sheet(data) {
  const { company, note, procedure, notices = [], verified = {} } = data, made = stamp("t-sheet", {
    ...data,
    procedure_title: procedure && `${STATES[procedure.state]}\u00a0: ${procedure.label}`,
    note_title: note?.letter ? `Note de solvabilité\u00a0: ${note.letter}${note.points == null ? "" : `, ${note.points} points sur 100`}` : "Pas de note de solvabilité",
  });
  $("[data-procedure]", made).hidden = !procedure;
  const bulletin = $("[data-notice-link]", made);
  if (procedure?.url) bulletin.href = procedure.url;
  bulletin.parentNode.hidden = !procedure?.url;
  $("[data-note]", made).hidden = !note;
  Object.assign($("[data-letter]", made), { hidden: !note?.letter, textContent: note?.letter ?? "" });
  $("[data-letter]", made).setAttribute("aria-hidden", "true");
  $("[data-reasons]", made).append(...(note?.reasons ?? []).map(({ says, points }) => element("li", {}, says, " ", points ? element("span", { className: "num mut" }, `${points > 0 ? "+" : "−"}${Math.abs(points)}`) : "")));
  $("[data-facts]", made).append(...facts(company).map(([label, value, ok]) => element("div", { className: ok === false ? "is-not" : "" },
    element("dt", {}, ...(ok === false ? [icon("alert")] : []), label), element("dd", {}, value))));
  $("[data-notices]", made).hidden = !notices.length;
  $("[data-notices] ul", made).append(...notices.map(({ title, on, court, url }) => element("li", {}, icon("file"),
    url ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title, element("span", { className: "vh" }, " (nouvel onglet)")) : element("span", {}, title),
    element("small", {}, [write.short_date(on), court].filter(Boolean).join(", ")))));
  const away = [verified.companies === false && "le registre des entreprises", verified.notices === false && "les annonces légales"].filter(Boolean);
  Object.assign($("[data-unverified]", made), { hidden: !away.length, textContent: `Non vérifié\u00a0: ${away.join(" et ")}. Réessayez plus tard.` });
  $("[data-source]", made).hidden = !company;
  return made;
}

function facts(company) {
  if (!company) return [];
  const { siren, siret, name, form, address, active, created, ceased, shown, turnover, year } = company;
  return [
    ["Nom", shown === false ? "Non diffusé, à la demande de la personne" : name],
    ["SIREN", SIREN(siren)],
    siret && ["SIRET du siège", `${SIREN(siret.slice(0, 9))}\u00a0${siret.slice(9)}`],
    form && ["Forme", form],
    ["État", active ? "En activité" : `Cessée${ceased ? ` le ${write.day(ceased)}` : ""}`, active],
    created && ["Création", write.day(created)],
    address && ["Siège", address],
    turnover && ["Chiffre d’affaires publié", `${write.eur(turnover)}${year ? ` (${year})` : ""}`],
  ].filter(Boolean);
}

// The page of a case asks when somebody wants to read it: the registers answer in their own time.
export async function opened(details, path) {
  const place = $("[data-sheet]", details);
  if (!details.open || place.firstChild) return;
  const said = await api("GET", path).catch(problem => ({ problem }));
  place.replaceChildren(said.verified ? sheet(said) : element("p", { className: "small soft" }, said.problem?.message ?? "Sans SIREN français, les registres ne sont pas consultés."));
}

// One line of a list of candidates: its button or link says which.
export const line = ({ name, form, siren, town, active }) => [name, [form, SIREN(siren), town, active ? "" : "activité cessée"].filter(Boolean).join(" · ")];
