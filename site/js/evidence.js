// The page beside its fields: the pictures of every invoice, the place of each value, its mark told in words. Focusing a field turns to its
// page and outlines it; clicking a mark goes to its field. The same is reached with the keyboard through the list of files.
import { $, $$, element } from "./page.js";

const SAID = { xml: "lu dans le fichier", page: "lu sur la page", guess: "déduit" }, SURE = 0.8;

export function mount(form, read, go) {
  const boxes = $("[data-boxes]"), image = $("[data-picture]"), enlarge = $("[data-enlarge]"), which = $("[data-which]");
  const { invoices, evidence = {}, doubtful = [] } = read;
  say(form, evidence);
  which.append(...invoices.map(({ id, file }, at) => new Option(invoices.length > 1 ? `${at + 1}. ${file.name}` : file.name, id)));
  which.hidden = $("[data-which-label]").hidden = invoices.length < 2;
  let shown;
  turn(invoices[0].id);

  function turn(id) {
    if (shown === id) return;
    const { file } = invoices.find(invoice => invoice.id === id);
    shown = which.value = id;
    $("[data-file]").textContent = `${file.name}${file.pages ? `, ${file.pages} page${file.pages > 1 ? "s" : ""}` : ""}`;
    $("[data-nopicture]").hidden = Boolean(file.picture);
    enlarge.hidden = $("[data-page]").hidden = !file.picture;
    if (file.picture) image.src = enlarge.href = file.picture;
    const drawn = Object.entries(evidence).filter(([, proof]) => file.picture && proof.box && (proof.page ?? 1) === 1 && (proof.invoice ?? invoices[0].id) === id);
    $("[data-legend]").hidden = !drawn.length;
    boxes.replaceChildren(...drawn.map(([name, { box: [left, top, right, bottom] }]) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [key, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top, "data-of": name })) rect.setAttribute(key, value);
      rect.classList.toggle("is-doubt", doubtful.includes(name));
      return rect;
    }));
  }

  which.addEventListener("change", () => turn(which.value));
  boxes.addEventListener("click", ({ target }) => target.dataset.of && go(target.dataset.of));
  form.addEventListener("focusin", ({ target }) => {
    const proof = evidence[target.name], [, own] = (target.name ?? "").split(".");
    const id = proof?.invoice ?? own;
    if (id && invoices.some(invoice => invoice.id === id)) turn(id);
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
