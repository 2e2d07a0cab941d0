// Several files at once: each is sent and read on its own, four at a time, and says what came of it on its own line; a ZIP gives its files.
// Then they are put with their debtors: one debtor and nothing left aside opens its form, anything else the page of the groups.
import { $, element, icon, write } from "./page.js";
import { api } from "./api.js";
import { read, send, sentence, wrong } from "./send.js";

const AT_ONCE = 4, KEPT = "reglo:batch";
export const kept = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
export const keep = drafts => sessionStorage.setItem(KEPT, JSON.stringify([...new Set(drafts)]));

export async function several(files, place) {
  const list = $("ul", place), said = $("[data-count]", place), drafts = location.hash === "#plus" ? kept() : [], queue = [];
  let done = 0;
  list.replaceChildren();
  place.hidden = false;
  const add = (name, work) => { const line = row(name); list.append(line.shown); queue.push(() => work(line).catch(problem => line.tell(sentence(problem), "bad"))); };
  for (const file of files) add(file.name, line => sent(file, line));
  place.focus();

  async function sent(file, line) {
    if (wrong(file)) throw new Error(wrong(file));
    const draft = await send(file, line.progress);
    await looked(draft, line);
  }

  async function looked(draft, line) {
    line.tell("Lecture…");
    drafts.push(draft); // refused or not: the page of the groups says why
    const found = await read(draft);
    for (const member of found.drafts ?? []) add(member.name, inside => looked(member.draft, inside));
    line.tell(outcome(found), found.doubtful?.length || found.missing?.length ? "doubt" : "ok");
  }

  const busy = new Set();
  while (queue.length || busy.size) {
    while (queue.length && busy.size < AT_ONCE) {
      const work = queue.shift()().finally(() => { busy.delete(work); said.textContent = `${++done} fichier${done > 1 ? "s" : ""} sur ${list.children.length}.`; });
      busy.add(work);
    }
    await Promise.race(busy);
  }
  if (!drafts.length) { place.hidden = true; throw new Error("Aucun de ces fichiers n’est lisible. Choisissez des PDF, des photos, un ZIP ou un tableau."); }
  keep(drafts);
  const { groups, aside } = await api("POST", "/api/groups", { drafts });
  location.assign(groups.length === 1 && !aside.length ? `/verifier#${groups[0].draft}` : "/regrouper");
  return new Promise(() => {});
}

function outcome({ drafts, lines, fields, missing = [], doubtful = [] }) {
  if (drafts) return lines ? `${lines} ligne${lines > 1 ? "s" : ""}` : `${drafts.length} fichier${drafts.length > 1 ? "s" : ""}`;
  const first = Object.entries(fields ?? {}).filter(([name, value]) => ["number", "debtor_name", "amount"].includes(name) && value);
  const words = Object.fromEntries(first), known = [words.number, words.debtor_name, words.amount && write.eur(words.amount)].filter(Boolean).join(", ");
  return known ? `Lue${missing.length + doubtful.length ? ", à vérifier" : ""}\u00a0: ${known}` : "À remplir à la main";
}

function row(name) {
  const bar = element("progress", { max: 100, value: 0 }), text = element("span", { className: "small soft" }, "En attente"), shown = element("li", {}, icon("file"), element("b", {}, name), text, bar);
  bar.setAttribute("aria-label", `Envoi de ${name}`);
  const tell = (words, state = "") => { text.textContent = words; shown.dataset.state = state; bar.hidden = true; };
  return { shown, tell, progress: percent => { bar.value = percent; text.textContent = `Envoi ${percent}\u00a0%`; } };
}
