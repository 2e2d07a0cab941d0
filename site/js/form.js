// A form says what is wrong at its top and beside each field, with the same sentence, and moves the focus to the summary.
// Checked on submit only; what was typed stays. While it waits, its button says so; pressing twice sends once.
import { $, $$, element, icon } from "./page.js";
import { busy } from "./busy.js";

export function onSubmit(form, send, reveal) {
  form.addEventListener("submit", async event => {
    event.preventDefault();
    if (form.dataset.sending) return;
    clear(form);
    form.dataset.sending = "yes";
    try {
      await busy(event.submitter ?? $("button:not([type=button])", form), () => send(values(form)));
    } catch (problem) {
      show(form, problem, reveal);
    } finally {
      delete form.dataset.sending;
    }
  });
}

export const values = form => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));

export function clear(form) {
  $("[data-errors]", form)?.replaceChildren();
  for (const line of $$(".err[id]", form)) line.remove();
  for (const field of $$("[aria-invalid]", form)) field.removeAttribute("aria-invalid");
}

export function show(form, problem, reveal) {
  if (!("errors" in problem)) throw problem;
  const twice = message => problem.errors.filter(other => other.message === message).length > 1;
  const lines = problem.errors.length ? problem.errors.map(({ field, message }) => {
    const target = at(form, field);
    if (!target) return element("li", {}, message);
    reveal?.(target);
    beside(target, message);
    const where = twice(message) && target.closest("section")?.querySelector("h2")?.textContent; // the same sentence of two fields: say whose
    return element("li", {}, element("a", { href: `#${target.id}` }, where ? `${where}\u00a0: ${message}` : message));
  }) : [element("li", {}, problem.message)];
  const box = element("div", { className: "errsum", tabIndex: -1 },
    element("h2", {}, lines.length > 1 ? `Il y a ${lines.length} problèmes` : "Il y a un problème"), element("ul", {}, ...lines));
  box.setAttribute("role", "alert");
  box.addEventListener("click", event => {
    const target = event.target.hash && document.getElementById(event.target.hash.slice(1));
    if (target) { event.preventDefault(); target.focus(); target.scrollIntoView({ block: "center" }); }
  });
  $("[data-errors]", form).replaceChildren(box);
  box.focus();
  if (!document.title.startsWith("Erreur")) document.title = `Erreur : ${document.title}`;
}

// The control a refusal speaks of: by its id, or by its name in this form. A group of radios stands for its fieldset.
function at(form, field) {
  const found = form.querySelector(`#${CSS.escape(field)}`) ?? form.elements[field];
  const control = found instanceof RadioNodeList ? found[0].closest("fieldset") : found;
  return control?.id ? control : null;
}

function beside(target, message) {
  const line = element("p", { className: "err", id: `${target.id}-err` }, icon("alert"), message), known = /RG-\d\d-\d{5}/.exec(message);
  if (known) line.append(" ", element("a", { href: `/dossier#${known[0]}` }, "Ouvrir le dossier"));
  target.setAttribute("aria-invalid", "true");
  target.matches("fieldset") ? $(".opts", target).before(line) : (target.closest(".opt-card") ?? target).before(line);
  const described = target.getAttribute("aria-describedby") ?? "";
  if (!described.includes(line.id)) target.setAttribute("aria-describedby", `${described} ${line.id}`.trim());
}
