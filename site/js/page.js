// What every page needs of its document: find, write amounts and days in French, stamp a <template> with data, say a line.
// Data only ever becomes text: nothing here writes HTML from what the API or a file said.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const NB = "\u00a0", paris = options => new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", ...options });
const moment = text => new Date(text.length === 10 ? `${text}T12:00Z` : text);
const first = text => text.replace(/(?<!\d)1 (?=\p{L})/u, "1er ");
const long = { day: "numeric", month: "long" }, short = { day: "numeric", month: "short" };

export const write = {
  eur(value) {
    const [, minus, whole, cents = "00"] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
    return whole ? `${minus && `−${NB}`}${whole.replace(/\B(?=(\d{3})+$)/g, NB)},${cents.padEnd(2, "0")}${NB}€` : value;
  },
  pct: value => `${String(value).replace(/\.0+$/, "").replace(".", ",")}${NB}%`,
  day: value => first(paris({ ...long, year: "numeric" }).format(moment(value))),
  day_month: value => first(paris(long).format(moment(value))),
  short_date: value => first(paris({ ...short, year: "numeric" }).format(moment(value))),
  short: value => first(paris({ weekday: "short", ...short }).format(moment(value))),
  brief: value => first(paris(short).format(moment(value))),
  hour: value => paris({ hour: "numeric", minute: "2-digit" }).format(moment(value)).replace(":", `${NB}h${NB}`),
  figures: value => /^\d{4}-\d\d-\d\d$/.test(value) ? value.split("-").reverse().join("/") : value,
};
// D’Atelier, de Menuiserie; an h may be either, and « de » is never a mistake.
export const of = name => /^[aeiouyàâéèêëîïôûù]/i.test(name) ? `d’${name}` : `de ${name}`;
export const iban = value => value.replace(/\s/g, "").replace(/(.{4})(?=.)/g, `$1${NB}`);
export const masked = value => value && `${value.slice(0, 4)}${NB}••••${NB}${value.slice(-4)}`;

// <b data-t="quote.on day"> receives data.quote.on, written as a day.
export function fill(root, data) {
  for (const target of $$("[data-t]", root)) {
    const [path, form] = target.dataset.t.split(" "), value = path.split(".").reduce((at, name) => at?.[name], data);
    target.textContent = value == null || value === "" ? "" : form ? write[form](String(value)) : value;
  }
  return root;
}

export const stamp = (template, data) => fill(document.getElementById(template).content.firstElementChild.cloneNode(true), data);

export function icon(name) {
  const draw = tag => document.createElementNS("http://www.w3.org/2000/svg", tag), svg = draw("svg");
  svg.setAttribute("class", "i"); svg.setAttribute("aria-hidden", "true");
  svg.append(draw("use")); svg.firstChild.setAttribute("href", `#i-${name}`);
  return svg;
}

export const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

export function toast(text) {
  const line = element("p", { className: "toast" }, text);
  $("[data-toasts]").append(line);
  setTimeout(() => line.remove(), 6000);
}

export function ready(shown = true) {
  $("[data-wait]")?.remove();
  for (const part of $$(shown ? "[data-ready]" : "[data-lost]")) part.hidden = false;
}

// The # of these pages names a case or opens a door: a link inside the page moves the focus and leaves it alone; another word after it is
// another link, pasted in the same tab.
document.addEventListener("click", event => {
  const link = event.target.closest?.('a[href^="#"]'), target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView();
  target.focus({ preventScroll: true });
});
addEventListener("hashchange", () => { if (!document.getElementById(location.hash.slice(1))) location.reload(); });

// The word after the # of an address: kept for this tab, so that a reload finds it, then taken out of the address bar if it opens a door.
export function token(name, single = false) {
  const given = location.hash.slice(1), kept = `reglo:${name}`;
  if (given) sessionStorage.setItem(kept, given);
  if (given && single) history.replaceState(null, "", location.pathname);
  return given || sessionStorage.getItem(kept) || "";
}
