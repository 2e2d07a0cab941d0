// What was dropped together, by debtor: each group goes through its form and its mandate. Under each invoice, what opens moves it to another
// debtor, to a case of its own, or out; what was left aside says why, and may be kept all the same. Changing takes a button, not a list alone.
import { $, element, ready, stamp, toast, write } from "./page.js";
import { api } from "./api.js";
import { busy } from "./busy.js";
import { keep, kept } from "./batch.js";

const DONE = ["accepted", "waiting_agency", "opened", "refused"];
start().catch(() => ready(false));

async function start() {
  const drafts = kept();
  const resumed = location.hash === "#reprendre" || !drafts.length ? await api("GET", "/api/drafts") : { groups: [] };
  keep([...drafts, ...resumed.groups.map(group => group.draft)]);
  await arrange();
}

async function arrange() {
  const { groups, aside } = await api("POST", "/api/groups", { drafts: kept() });
  if (!groups.length && !aside.length) return ready(false);
  const invoices = groups.reduce((sum, group) => sum + group.invoices.length, 0), left = groups.filter(({ state }) => !DONE.includes(state)).length;
  $("[data-summary]").textContent = `${invoices} facture${invoices > 1 ? "s" : ""}, ${groups.length} client${groups.length > 1 ? "s" : ""}. ${left ? "Vérifiez chaque client, puis acceptez son mandat." : "Tous les mandats sont acceptés."}`;
  $("[data-groups]").replaceChildren(...groups.map(group => card(group, groups)));
  $("[data-aside]").hidden = !aside.length;
  $("[data-left]").replaceChildren(...aside.map(line));
  ready();
}

function card(group, groups) {
  const name = group.debtor || "Client à compléter", done = DONE.includes(group.state), { asked } = group;
  const shown = stamp("t-group", { ...group, debtor: name, said: [group.city, group.creditor && `pour ${group.creditor}`].filter(Boolean).join(", ") });
  const others = done ? [] : groups.filter(other => other !== group && !DONE.includes(other.state));
  $("ul", shown).append(...group.invoices.map(invoice => {
    const made = stamp("t-invoice", { ...invoice, number: invoice.number ? `Facture ${invoice.number}` : invoice.file, said: invoice.due && write.figures(invoice.due) && `${invoice.late ? "échue" : "pas encore due, échéance"} le ${write.day(invoice.due)}` });
    if (!done) made.append(mover("Déplacer ou retirer", `Déplacer la facture ${invoice.number || invoice.file}`, group, [invoice.id], others, group.invoices.length > 1));
    return made;
  }));
  const foot = $("[data-foot]", shown);
  if (done) foot.append(document.getElementById("t-accepted").content.cloneNode(true));
  else foot.append(element("a", { className: "btn", href: `/verifier#${group.draft}` }, group.state === "checked" ? "Voir le mandat" : "Vérifier", element("span", { className: "vh" }, ` ${name}`)),
    element("span", { className: "small soft" }, group.state === "checked" ? "Vérifié" : asked ? `${asked} information${asked > 1 ? "s" : ""} à relire ou à compléter` : "Tout est lu"));
  if (group.state === "checked") foot.firstChild.href = `/mandat#${group.draft}`;
  if (!done && group.invoices.length > 1 && others.length) foot.append(mover("Tout réunir", `Réunir ${name} avec un autre client`, group, group.invoices.map(({ id }) => id), others, false));
  return shown;
}

function mover(said, label, group, invoices, others, alone) {
  const choice = element("select", { className: "input" }, new Option("Choisir…", ""), ...others.map(other => new Option(`Chez ${other.debtor || "client à compléter"}`, other.draft)));
  if (alone) choice.append(new Option("Dans un dossier à part", "alone"));
  choice.append(new Option("Retirer", "away"));
  choice.setAttribute("aria-label", label);
  const button = element("button", { type: "button", className: "btn btn--2 btn--s" }, "Appliquer", element("span", { className: "vh" }, ` : ${label}`));
  button.addEventListener("click", () => choice.value && busy(button, () => move(group.draft, invoices, choice.value)));
  return element("details", { className: "group__move" }, element("summary", { className: "small" }, said, element("span", { className: "vh" }, `\u00a0: ${label}`)), element("div", { className: "row" }, choice, button));
}

async function move(draft, invoices, to) {
  try {
    const said = await api("POST", `/api/drafts/${draft.split(".")[0]}/move`, { invoices, ...(to === "away" ? { away: "yes" } : { to: to === "alone" ? "" : to }) }, draft);
    if (said.draft) keep([...kept(), said.draft]);
    await arrange();
    $("h1").focus();
  } catch (problem) { toast(problem.message); }
}

function line(left) {
  const made = stamp("t-left", { ...left, name: left.name || "Archive" });
  if (!left.draft) return made;
  const button = element("button", { type: "button", className: "linkish" }, "La garder quand même", element("span", { className: "vh" }, ` : ${left.name}`));
  button.addEventListener("click", () => busy(button, () => move(left.draft, ["1"], "alone")));
  made.append(button);
  return made;
}
