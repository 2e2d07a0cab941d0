// The page beside its fields: the pictures of every invoice, the place of each value, its mark told in words. Focusing a field turns to its
// page and outlines it; clicking a mark goes to its field; a warning goes to its place. The same is reached with the keyboard through the list of files.
import { $, $$, element } from "./page.js";

const PAGES = 5, SAID = { xml: "lu dans le fichier", page: "lu sur la page", guess: "déduit" }, SURE = 0.8;

let seen; // turns to a place of a page

export function mount(form, read, { go, page }) {
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
    boxes.replaceChildren(...marks.map(([name, { box }]) => {
      const rect = outline(box);
      rect.dataset.of = name;
      rect.classList.toggle("is-doubt", doubtful.includes(name));
      return rect;
    }));
  }

  which.addEventListener("change", () => turn(which.value));
  seen = async ({ page, box, invoice }) => {
    await turn(`${invoice}/${page ?? 1}`);
    const mark = outline(box);
    mark.classList.add("is-focus");
    boxes.append(mark);
    mark.scrollIntoView({ block: "center" });
  };
  boxes.addEventListener("click", ({ target }) => target.dataset.of && go(target.dataset.of));
  form.addEventListener("focusin", async ({ target }) => {
    const proof = evidence[target.name], [, own] = (target.name ?? "").split(".");
    const id = proof?.invoice ?? own;
    const place = id && `${id}/${proof?.page ?? 1}`;
    if ([...which.options].some(option => option.value === place)) await turn(place);
    for (const rect of boxes.children) rect.classList.toggle("is-focus", rect.dataset.of === target.name);
  });
}

// The button that goes to the place a warning speaks of, if it has one.
export function look(place) {
  if (!place.box) return [];
  const button = element("button", { type: "button", className: "linkish look" }, "Voir sur la facture");
  button.addEventListener("click", () => seen(place));
  return [" ", button];
}

// What fills no field by itself: offered, with its reason.
export function suggest(control, value, because) {
  const take = element("button", { type: "button", className: "linkish" }, "Reprendre", element("span", { className: "vh" }, ` ${value}`));
  const line = element("span", { className: "hint" }, `${because}\u00a0: «\u00a0${value}\u00a0». `, take);
  take.addEventListener("click", () => { control.value = value; line.remove(); control.dispatchEvent(new Event("input", { bubbles: true })); control.focus(); });
  control.before(line);
}

function outline([left, top, right, bottom]) {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) rect.setAttribute(key, value);
  return rect;
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
