// The list of cases: those that wait for the reader first, then by next date.
import { $, $$, element, fill, icon, ready, stamp } from "./page.js";
import { api } from "./api.js";
import { filter } from "./list.js";

const NEXT = { accepted: ["Confirmer votre e-mail", "le lien vous attend dans votre messagerie"], waiting_agency: ["Contrôle par l’agence", "une fois, pour un premier dossier"] };
const rows = $("[data-rows]"), ORDER = { todo: 0, run: 1, info: 1, done: 2, off: 3 };

Promise.all([api("GET", "/api/cases"), api("GET", "/api/me")]).then(show, problem => { $("[data-wait]").textContent = problem.message; });

function show([{ cases, totals, waiting }, me]) {
  const kind = row => row.pill.kind || "off";
  cases.sort((a, b) => ORDER[kind(a)] - ORDER[kind(b)] || (a.next?.on ?? "9999").localeCompare(b.next?.on ?? "9999"));
  fill(document, totals);
  $("[data-who]").textContent = me.role === "staff" ? "Tous les dossiers de l’agence" : me.creditors.map(({ name }) => name).join(", ");
  for (const link of $$("[data-staff]")) link.hidden = me.role !== "staff";
  rows.append(...waiting.map(sent => stamp("t-waiting", { ...sent, next: NEXT[sent.state] ?? NEXT.waiting_agency })), ...cases.map(row));
  const all = $$("tr", rows), apply = filter($("[data-chips]"), () => all, $("[data-search]"), $("[data-empty]"));
  for (const chip of $$(".chip")) $(".c", chip).textContent = all.filter(({ dataset }) => !chip.dataset.f || chip.dataset.f.split(" ").includes(dataset.k)).length;
  $("[data-none]").hidden = all.length > 0;
  $("[data-tools]").hidden = $("[data-table]").hidden = !all.length;
  apply();
  ready();
}

function row(data) {
  const made = stamp("t-row", { ...data, next: data.next ?? { label: data.pill.kind === "todo" ? "Votre décision" : "Rien de plus" }, invoices: data.invoices.join(", ") }), { pill, step } = data;
  made.dataset.k = pill.kind || "off";
  $("[data-link]", made).href = `/dossier#${data.ref}`;
  $(".mini", made).append(...Array.from({ length: step.of }, (_, at) => element("i", { className: at < step.done ? "d" : at === step.done && kindIsLive(pill) ? "n" : "" })));
  $(".pill", made).className = pill.kind ? `pill pill--${pill.kind}` : "pill";
  $(".pill", made).append(icon(pill.icon), pill.text);
  return made;
}

const kindIsLive = ({ kind }) => ["todo", "run", "info"].includes(kind);
