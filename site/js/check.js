// The check of what was read. Each block shows its values and opens in place (a button that says whether it is expanded);
// a doubtful or missing field is always open, in a honey band. Each invoice has a block of its own; its fields bear its id (`number.2`).
// What is typed is kept by the server as one goes, and in this tab meanwhile.
import { $, $$, element, fill, iban, icon, ready, token, write } from "./page.js";
import { Problem, api } from "./api.js";
import { onSubmit, values } from "./form.js";

const draft = token("draft"), id = draft.split(".")[0], kept = `reglo:fields:${id}`, form = $("[data-check]");
const SIREN = value => value.replace(/^(\d{3})(\d{3})(\d{3})$/, "$1\u00a0$2\u00a0$3"), COUNT = ["", "Une", "Deux", "Trois", "Quatre", "Cinq"];
const AS_TYPED = { debtor_siren: SIREN, creditor_siren: SIREN, issued: write.figures, due: write.figures, amount: value => write.eur(value).replace(/\s€$/, ""), creditor_iban: iban };
const UNREAD = "reglo:unread", PAUSE = 1500, OVER = ["accepted", "waiting_agency", "opened", "refused"], bare = name => name.split(".")[0], places = {};
let marks; // evidence.js, fetched while the file is read
const FEW = 2; // more than that in one block and the whole block opens instead

start().catch(problem => { shape(false); problem.status ? ready(false) : show(problem); });

async function start() {
  if (!draft) throw new Problem(404);
  const beside = import("./evidence.js");
  let read = sessionStorage.getItem(UNREAD) === draft ? await reading() : await api("GET", `/api/drafts/${id}`, undefined, draft);
  if (read.state === "uploaded") read = await reading();
  if (OVER.includes(read.state)) return location.replace(`/confirmation#${draft}`);
  if (!read.invoices.length || read.state === "aside") return ready(false);
  if (read.invoices.some(({ id, credits }) => id !== "1" || credits?.length)) (await import("./invoices.js")).blocks(read.invoices);
  for (const fields of [read.fields, JSON.parse(sessionStorage.getItem(kept) ?? "{}")]) for (const [name, value] of Object.entries(fields)) put(name, value);
  marks = await beside;
  tell(read);
  for (const block of $$("[data-block]")) open(block, read);
  kind();
  marks.mount(form, read, { go: reveal, page: (invoice, page) => api("GET", `/api/drafts/${id}/invoices/${invoice}/pages/${page}`, undefined, draft) });
  shape(false);
  ready();
  import("./register.js").then(({ mount }) => mount(form, id, draft));
}

// The form is there while the file is read. A file that is no invoice goes back to where files are chosen, with its sentence.
async function reading() {
  shape(true);
  try {
    const read = await api("POST", `/api/drafts/${id}/reading`, {}, draft);
    sessionStorage.removeItem(UNREAD);
    return read;
  } catch (problem) {
    if (problem.status !== 422) throw problem;
    sessionStorage.setItem("reglo:refused", problem.errors[0]?.message ?? problem.message);
    location.replace("/deposer");
    return new Promise(() => {});
  }
}

function shape(shown) {
  $("[data-skeleton]").hidden = !shown;
  for (const part of $$("[data-block], .btn--xl", form)) part.inert = shown;
  form.classList.toggle("is-reading", shown);
  if (shown) form.classList.add("is-read"); // its rows arrive one after the other
}

function put(name, value) {
  const control = form.elements[name];
  if (!control) return;
  if (control.type === "checkbox") control.checked = name === "interest" ? value !== "no" : value === "yes";
  else if (control instanceof RadioNodeList) control.value = value;
  else {
    if (control.tagName === "SELECT" && value && ![...control.options].some(option => option.value === value)) control.append(new Option(value, value));
    control.value = value ? (AS_TYPED[bare(name)] ?? String)(value) : name === "debtor_country" ? "FR" : "";
    control.dataset.read ??= control.value; // as the file says it, however it is corrected
  }
}

function tell(read) {
  const count = Object.entries(read.evidence ?? {}).filter(([name]) => read.fields[name]).length, asked = asks(read).length;
  const spare = (read.warnings ?? []).filter(({ field }) => !form.elements[field]);
  const unread = spare.length ? "Tout reste à remplir." : "Nous n’arrivons pas à lire cette facture. Remplissez ces informations.";
  $("[data-summary]").textContent = !count ? unread
    : `${count} information${count > 1 ? "s lues" : " lue"}.${asked ? ` ${COUNT[asked] ?? asked} à relire ou à compléter.` : ""}`;
  $("[data-warning]").hidden = !spare.length;
  $("[data-warnings]").append(...spare.map(({ message, ...place }) => element("li", {}, message, ...marks.look(place))));
  if (read.quote?.interest > 0) $("[data-quoted]").textContent = `À ce jour : ${write.eur(read.quote.interest)} de pénalités, ${write.eur(read.quote.indemnity)} d’indemnité. `;
}

const asks = read => [...new Set([...(read.missing ?? []), ...(read.doubtful ?? [])])].filter(name => $(`[data-field="${name}"]`));

function open(block, read) {
  const asked = asks(read).map(name => $(`[data-field="${name}"]`, block)).filter(Boolean), button = $("[data-edit]", block);
  button.addEventListener("click", () => expand(block, button.getAttribute("aria-expanded") !== "true", true));
  const doubts = (read.warnings ?? []).map(({ field }) => $(`[data-field^="still_"][data-field="${field}"]`, block)).filter(Boolean);
  for (const field of doubts) field.hidden = false;
  for (const field of asked) asked.length > FEW && !field.matches("fieldset, [data-field^=still_]") ? doubt(field, read) : ask(block, field, read);
  for (const { field, message, ...place } of read.warnings ?? []) {
    const control = form.elements[field], holder = control?.closest?.(".field");
    if (holder && block.contains(holder) && !$(".hint--read", holder)) (control.closest(".opt-card") ?? control).before(element("span", { className: "hint hint--read" }, message, ...marks.look(place)));
    const row = holder && block.contains(holder) && $$("[data-row]", block).find(cell => cell.dataset.row.split(/[ ,]+/).includes(field));
    if (row) [row.dataset.warned, places[field]] = [field, place];
  }
  for (const [name, { value, because }] of Object.entries(read.suggestions ?? {})) {
    const control = form.elements[name], holder = control?.closest?.(".field");
    if (holder && block.contains(holder)) marks.suggest(control, (AS_TYPED[bare(name)] ?? String)(value), because);
  }
  outdated();
  refresh(block);
  expand(block, asked.length > FEW);
}

function ask(block, field, read) {
  const missing = (read.missing ?? []).includes(field.dataset.field);
  field.classList.add("confirm");
  mark(field, missing ? "t-asked-missing" : "t-asked-doubt");
  $("[data-asked]", block).append(field);
}

// In a block that is wholly open an empty field shows by itself what it lacks; a doubtful one looks like any other.
const doubt = (field, { missing = [] }) => missing.includes(field.dataset.field) || mark(field, "t-asked-doubt");
const mark = (field, template) => $(".label", field).prepend(document.getElementById(template).content.cloneNode(true), " ");

function expand(block, shown, focus) {
  const fields = $("[data-fields]", block);
  $("[data-edit]", block).setAttribute("aria-expanded", shown);
  $("[data-edit]", block).firstChild.textContent = shown ? "Fermer" : "Modifier";
  if (!shown) refresh(block);
  $("[data-view]", block).hidden = shown;
  fields.hidden = !shown;
  if (shown && focus) $("input, select", fields)?.focus();
}

// The read-only view: "a, b c" are rows made of the typed values; a row whose fields are empty, or asked below, is left out.
function refresh(block) {
  for (const cell of $$("[data-row]", block)) {
    const said = cell.dataset.row.split(", ").map(part => part.split(" ").map(name => {
      const control = form.elements[name], value = control.value.trim();
      if (control.closest(".confirm") || (name === "debtor_country" && value === "FR")) return "";
      if (["issued", "due"].includes(bare(name))) return /^\d\d\/\d\d\/\d{4}$/.test(value) ? write.day(value.split("/").reverse().join("-")) : value;
      return control.tagName === "SELECT" ? control.selectedOptions[0].text : bare(name) === "amount" && /\d$/.test(value) ? `${value}\u00a0€` : value;
    }).filter(Boolean).join(" ")).filter(Boolean).join(", ");
    cell.textContent = said;
    cell.parentNode.hidden = !said;
    const control = form.elements[cell.dataset.warned], warning = control && $(".hint--read", control.closest(".field"));
    if (said && warning && !warning.hidden) cell.append(element("small", { className: "hint" }, warning.firstChild.textContent, ...marks.look(places[cell.dataset.warned])));
  }
}

// What is said of a value of the file is no longer said of the one typed in its place.
function outdated() {
  for (const warning of $$(".hint--read", form)) {
    const control = $("input, select", warning.parentNode);
    warning.hidden = control.type !== "checkbox" && control.value !== control.dataset.read;
  }
}

function kind() {
  const { debtor_kind: { value: debtor }, debtor_country: { value: country }, creditor_kind } = form.elements, mine = creditor_kind.value === "individual";
  const law = mine || debtor === "consumer" ? "consumer" : country !== "FR" ? "abroad" : debtor === "public" ? "public" : "business";
  for (const line of $$("[data-kind]", form)) line.hidden = line.dataset.kind !== law;
  for (const part of $$("[data-only]", form)) part.hidden = debtor !== "business" || mine;
  for (const part of $$("[data-private]", form)) part.hidden = !mine;
  form.classList.toggle("is-private", mine);
}

let waiting, saving = Promise.resolve();
const boxes = () => Object.fromEntries($$("[type=checkbox]", form).map(({ name, checked }) => [name, checked ? "yes" : name === "interest" ? "no" : ""]));
const typed = () => ({ ...values(form), ...boxes(), debtor_kind: form.elements.debtor_kind.value, creditor_kind: form.elements.creditor_kind.value });
const put_by = () => { saving = saving.then(() => api("PUT", `/api/drafts/${id}`, { fields: typed(), later: true }, draft)).catch(() => {}); };
form.addEventListener("input", () => {
  kind(); outdated();
  sessionStorage.setItem(kept, JSON.stringify(typed()));
  clearTimeout(waiting);
  waiting = setTimeout(put_by, PAUSE);
});

onSubmit(form, async () => {
  clearTimeout(waiting);
  await saving; // one at a time: the slower of two writers would be refused
  await api("PUT", `/api/drafts/${id}`, { fields: typed() }, draft);
  sessionStorage.removeItem(kept);
  location.assign(`/mandat#${draft}`);
}, unfold);

function unfold(target) {
  const block = target.closest("[data-block]");
  if (block && target.closest("[data-fields]")?.hidden) expand(block, true);
}

function reveal(name) {
  const control = form.elements[name];
  if (!control?.focus) return;
  unfold(control);
  control.focus();
  control.scrollIntoView({ block: "center" });
}

function show(problem) {
  $("[data-wait]").textContent = problem.message;
}
