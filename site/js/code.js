// The code of a letter opens /lettre: kept after the #, so that no server log ever holds it.
import { $$ } from "./page.js";
import { Problem } from "./api.js";
import { clear, show } from "./form.js";

export const tidy = typed => typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
export const spelled = code => code.replace(/^(.{4})(.{4})(.{2})$/, "$1-$2-$3");

for (const form of $$("[data-code]")) form.addEventListener("submit", event => {
  event.preventDefault();
  clear(form);
  const code = tidy(form.elements.code.value);
  if (code.length !== 10) return show(form, new Problem(422, { field: "code", title: "Saisissez le code à 10 caractères inscrit sur la lettre." }));
  if (location.pathname === "/lettre") form.dispatchEvent(new CustomEvent("code", { detail: code }));
  else location.assign(`/lettre#${code}`);
});
