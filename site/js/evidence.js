// The page beside its fields: the pictures of every invoice, the place of each value, its mark told in words. Focusing a field turns to its
// page and outlines it; clicking a mark goes to its field. The same is reached with the keyboard through the list of files.
import { $, $$, element } from "./page.js";

const PAGES = 5, SAID = { xml: "lu dans le fichier", page: "lu sur la page", guess: "déduit" }, SURE = 0.8;

export function mount(form, read, go, page) {
  const boxes = $("[data-boxes]"), image = $("[data-picture]"), enlarge = $("[data-enlarge]"), which = $("[data-which]");
  const { invoices, evidence = {}, doubtful = [] } = read;
  say(form, evidence);
  const drawn = new Map(invoices.map(({ id, file }) => [`${id}/1`, file.picture])); // the other pages are asked for when they are turned to
  which.append(...invoices.flatMap(({ id, file }, at) => Array.from({ length: Math.min(file.picture ? file.pages || 1 : 1, PAGES) }, (_, n) =>
    new Option([invoices.length > 1 && `${at + 1}. ${file.name}`, (file.pages > 1 || invoices.length < 2) && `page ${n + 1}`].filter(Boolean).join(", "), `${id}/${n + 1}`))));
  which.hidden = $("[data-which-label]").hidden = which.length < 2;
  let shown;
  turn(`${invoices[0].id}/1`);

  async function turn(place) {
    if (shown === place) return;
    const [id, number] = place.split("/"), { file } = invoices.find(invoice => invoice.id === id);
    shown = which.value = place;
    if (!drawn.has(place)) drawn.set(place, (await page(id, number).catch(() => ({}))).picture);
    if (shown !== place) return; // turned again meanwhile
    const picture = drawn.get(place);
    $("[data-file]").textContent = `${file.name}${file.pages ? `, ${file.pages} page${file.pages > 1 ? "s" : ""}` : ""}`;
    $("[data-nopicture]").hidden = Boolean(picture);
    enlarge.hidden = $("[data-page]").hidden = !picture;
    if (picture) image.src = enlarge.href = picture;
    const marks = Object.entries(evidence).filter(([, proof]) => picture && proof.box && (proof.page ?? 1) === Number(number) && (proof.invoice ?? invoices[0].id) === id);
    $("[data-legend]").hidden = !marks.length;
    boxes.replaceChildren(...marks.map(([name, { box: [left, top, right, bottom] }]) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [key, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top, "data-of": name })) rect.setAttribute(key, value);
      rect.classList.toggle("is-doubt", doubtful.includes(name));
      return rect;
    }));
  }

  which.addEventListener("change", () => turn(which.value));
  boxes.addEventListener("click", ({ target }) => target.dataset.of && go(target.dataset.of));
  form.addEventListener("focusin", async ({ target }) => {
    const proof = evidence[target.name], [, own] = (target.name ?? "").split(".");
    const id = proof?.invoice ?? own;
    const place = id && `${id}/${proof?.page ?? 1}`;
    if ([...which.options].some(option => option.value === place)) await turn(place);
    for (const rect of boxes.children) rect.classList.toggle("is-focus", rect.dataset.of === target.name);
  });
}

// How sure we are, in words, until somebody types something else.
function say(form, evidence) {
  for (const [name, { source, confidence }] of Object.entries(evidence)) {
    const control = form.elements[name], label = control?.value && $(".label", control.closest(".field"));
    if (!label) continue;
    const words = element("span", { className: "opt" }, ` ${confidence < SURE && source !== "xml" ? `${SAID[source]}, à vérifier` : SAID[source] ?? ""}`), read = control.value;
    label.append(words);
    control.addEventListener("input", () => { words.hidden = control.value !== read; });
  }
}
