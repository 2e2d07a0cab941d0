// The work list: what waits for a person, grouped by kind; each row opens its own form in place, and leaves the list once done.
import { $, $$, element, fill, icon, ready, stamp, toast, write } from "./page.js";
import { api, typedBefore } from "./api.js";
import { busy } from "./busy.js";
import { onSubmit, show as showProblem } from "./form.js";
import { filter } from "./list.js";

const KINDS = [
  ["submission", "Mandats à vérifier", "shield", "Vérifier"], ["call", "Appels", "phone", "Appeler"], ["visit", "Visites", "visit", "Compte rendu"],
  ["approve", "Lettres à valider", "letter", "Relire"], ["post", "Lettres à poster", "printer", "Poster"], ["blocked", "Lettres bloquées", "alert", "Corriger"],
  ["presented", "Présentations à noter", "letter", "Noter"], ["limitation", "Prescriptions proches", "scale", "Agir"],
  ["dispute", "Contestations", "chat", "Trancher"], ["insolvency", "Procédures collectives", "pause", "Décider"], ["research", "Débiteurs à rechercher", "search", "Rechercher"], ["creditor", "Décisions attendues des créanciers", "clock", ""],
];
const queue = $("#file"), chips = $("[data-chips]"), apply = filter(chips, () => $$("section", queue));
let made = 0, today = "";

// Back from a call, the list is asked again, unless a form is being filled.
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && !$("form", queue)) load().catch(() => {}); });

load().then(opened, problem => { $("[data-wait]").textContent = problem.message; });

async function load() {
  const { submissions, tasks, on } = await api("GET", "/api/desk");
  const all = [...submissions.map(sent => ({ ...sent, kind: "submission", title: `Premier dossier de ce créancier. Mandat accepté par ${sent.signatory}.`, why: [sent.email, sent.address].filter(Boolean).join(" · "), due: sent.since })), ...tasks];
  const groups = KINDS.map(([kind, label, glyph, button]) => ({ kind, label, glyph, button, of: all.filter(task => task.kind === kind) })).filter(group => group.of.length);
  today = on ?? "";
  if (on) $("[data-day]").textContent = new Intl.DateTimeFormat("fr-FR", { weekday: "long", day: "numeric", month: "long" }).format(new Date(`${on}T12:00Z`)).replace(/^./, letter => letter.toUpperCase()).replace(/ 1 /, " 1er ");
  $("[data-count]").hidden = !all.length;
  $("[data-count]").textContent = all.length ? `${all.length} action${all.length > 1 ? "s" : ""} à faire` : "";
  const pressed = $(".chip[aria-pressed=true]", chips)?.dataset.f ?? "";
  chips.replaceChildren(...[{ kind: "", label: "Tout", of: all }, ...groups].map(({ kind, label, of }) => {
    const chip = stamp("t-chip", { label, count: of.length });
    chip.dataset.f = kind;
    chip.setAttribute("aria-pressed", kind === pressed);
    return chip;
  }));
  chips.hidden = groups.length < 2;
  queue.replaceChildren(...groups.map(group), ...(all.length ? [] : [document.getElementById("t-none").content.cloneNode(true)]));
  apply();
  ready();
}

function group({ kind, label, glyph, button, of }) {
  const section = stamp("t-group", { label, count: of.length });
  section.dataset.k = kind;
  $("h2", section).id = `h-${kind}`;
  section.setAttribute("aria-labelledby", `h-${kind}`);
  $("[data-icon]", section).append(icon(glyph));
  $("ul", section).append(...of.map(task => row(task, button)));
  return section;
}

function row(task, button) {
  const ref = task.case ?? task.ref, line = stamp("t-task", { ...task, ref, who: task.debtor, button, for: ` : ${task.debtor}` }), toggle = $("[data-toggle]", line);
  if (task.case) $("[data-link]", line).href = `/dossier#${ref}`;
  if (!document.getElementById(`t-${task.kind}`)) { toggle.remove(); return line; }
  toggle.addEventListener("click", () => {
    const form = $("form", line);
    if (form) return close(form, toggle);
    $(".task__g", line).append(prepared(task.kind, { ...task, ref }, toggle));
    toggle.setAttribute("aria-expanded", "true");
    $("form", line).querySelector("input, textarea, a, button").focus();
  });
  return line;
}

const close = (form, toggle) => { form.remove(); toggle.setAttribute("aria-expanded", "false"); toggle.focus(); };

// A form of its kind: its own ids, its route filled in, its own small habits.
function prepared(kind, task, toggle) {
  const form = document.getElementById(`t-${kind}`).content.firstElementChild.cloneNode(true), number = ++made;
  for (const part of $$("*", form)) for (const name of ["id", "for", "aria-describedby"]) {
    if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replaceAll("-ID", `-${number}`));
  }
  fill(form, task);
  if (form.elements.on) form.elements.on.value = today;
  form.id = `${kind}-${task.case ?? task.draft}-${task.step ?? ""}`;
  if (kind === "blocked" || kind === "research") for (const [name, value] of Object.entries(task.debtor_fields ?? {})) if (form.elements[name]) form.elements[name].value = value;
  typedBefore(form);
  const path = form.dataset.send.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(task[name])), only = $("[data-only]", form);
  $("[data-close]", form)?.addEventListener("click", () => close(form, toggle));
  $("[data-refuse]", form)?.addEventListener("click", () => { const other = prepared("refuse", task, toggle); form.replaceWith(other); $("textarea", other).focus(); });
  $("[data-checks]", form)?.append(...task.checks.map(({ label, value, ok }) => element("div", { className: ok ? "is-ok" : ok === false ? "is-not" : "" },
    element("dt", {}, icon(ok ? "check" : ok === false ? "alert" : "eye"), label, element("span", { className: "vh" }, ok ? " (concorde)" : ok === false ? " (ne concorde pas)" : " (à regarder)")), element("dd", {}, value))));
  const move = $("[data-move-limitation]", form);
  if (move) { move.href = `#prescription:${task.ref}`; move.addEventListener("click", async event => { event.preventDefault(); (await import("./anycase.js")).open("prescription", task.ref, "", today, load); }); }
  const preview = $("[data-preview]", form);
  if (preview) preview.href = `/api/cases/${encodeURIComponent(task.ref)}/letters/${encodeURIComponent(task.step)}`;
  if ($("[data-dial]", form)) $("[data-dial]", form).hidden = !task.phone;
  if (task.phone && $("[data-dial]", form)) $("[data-dial]", form).append(element("a", { className: "btn btn--s", href: `tel:${task.phone.replace(/\s/g, "").replace(/^0/, "+33")}` }, icon("phone"), task.phone));
  if ($("[data-script]", form)) $("[data-script]", form).hidden = !task.script;
  if (only) form.addEventListener("change", () => { only.hidden = form.elements.outcome.value !== only.dataset.only; });
  const done = async said => {
    const section = form.closest("section").dataset.k;
    toast(said);
    await load();
    ($(`section[data-k="${section}"] [data-toggle]`) ?? $("h1")).focus();
  };
  // What was lacking may have come since (a rate published, a profile completed); a letter that waited too long is made again.
  const also = (name, route, said, shown = true) => {
    const button = $(`[data-${name}]`, form);
    if (!button) return;
    button.hidden = !shown;
    button.addEventListener("click", () => busy(button, () => api("POST", `/api/cases/${encodeURIComponent(task.ref)}/${route}`)).then(() => done(said), problem => showProblem(form, problem)));
  };
  also("seen", `steps/${task.step}/approve`, "C’est noté : le débiteur est vu.");
  also("retry", `steps/${encodeURIComponent(task.step)}/approve`, "Nouvel essai demandé. La lettre est refaite.", Boolean(task.step));
  also("remake", `letters/${encodeURIComponent(task.step)}/remake`, "La lettre est refaite, avec les sommes et les dates du jour.", /letter|notice/.test(task.step));
  onSubmit(form, async typed => {
    const body = Object.fromEntries(Object.entries(typed).filter(([name, value]) => (value || task.debtor_fields && ["blocked", "research"].includes(kind)) && !$(`[name="${name}"]`, form)?.closest("[hidden]")));
    await api("POST", path, body);
    await done(form.dataset.done);
  });
  return form;
}

// What may happen to any case on any day: the forms of it come when one is opened, here or from the page of a case.
for (const opener of $$("[data-payment], [data-disputed], [data-returned], [data-credited], [data-moved]")) opener.addEventListener("click", async () => (await import("./anycase.js")).toggle(opener, today, load));

async function opened() {
  const [what, ref, which] = decodeURIComponent(location.hash.slice(1)).split(":");
  if ((ref && what !== "corriger") || $$(".pagehead form").some(typedBefore)) (await import("./anycase.js")).open(what, ref, which, today, load);
  if (what !== "corriger" || !ref) return;
  const section = stamp("t-group", { label: "Corriger le débiteur", count: "" });
  section.dataset.k = "";
  const line = stamp("t-task", { who: ref, ref }), form = prepared("blocked", { ref, case: ref }, $("h1"));
  $("[data-toggle]", line).remove();
  $(".task__g", line).append(form);
  $("ul", section).append(line);
  queue.prepend(section);
  $("input", form).focus();
}
