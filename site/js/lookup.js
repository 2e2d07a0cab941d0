// « Vérifier un client »: a number or a name, the candidates, then the sheet. The number stays in the address: it can be kept, printed, sent.
import { $, element, ready, write } from "./page.js";
import { api, typedBefore } from "./api.js";
import { line, sheet } from "./company.js";
import { onSubmit } from "./form.js";

const form = $("#recherche"), list = $("[data-candidates]"), place = $("[data-sheet]");
api("GET", "/api/me").then(ready, problem => say(problem.message)); // a space is needed: told before anything is typed
typedBefore(form);

onSubmit(form, async ({ q, amount }) => {
  list.replaceChildren();
  place.replaceChildren();
  const { verified, companies } = await api("GET", `/api/companies?q=${encodeURIComponent(q)}`), digits = q.replace(/\D/g, "");
  if (companies.length === 1) return open(companies[0].siren, amount);
  say(verified ? companies.length ? `${companies.length} entreprises. Choisissez celle que vous cherchez.` : /^\d{9,14}$/.test(digits) ? "Ce SIREN n’est pas au registre, ou son titulaire a demandé à ne pas y figurer." : "Aucune entreprise de ce nom. Essayez avec son SIREN, écrit sur ses factures ou devis."
    : "Non vérifié : le registre des entreprises n’a pas répondu. Réessayez dans quelques minutes.");
  list.append(...companies.map(company => {
    const [name, more] = line(company), button = element("button", { type: "button", className: "linkish" }, name);
    button.addEventListener("click", () => open(company.siren, form.elements.amount.value.trim()).catch(problem => say(problem.message)));
    return element("li", {}, button, element("small", {}, more));
  }));
});

async function open(siren, amount = "") {
  const data = await api("GET", `/api/companies/${siren}${amount ? `?amount=${encodeURIComponent(amount)}` : ""}`);
  history.replaceState(null, "", `#${siren}`);
  list.replaceChildren();
  say("");
  const title = element("h2", { tabIndex: -1, className: "no-ring" }, data.company?.name ?? `SIREN ${siren}`);
  place.replaceChildren(title, sheet(data));
  $("[data-print]").hidden = false;
  $("[data-on]").textContent = write.day(new Date().toISOString());
  document.title = `${data.company?.name ?? siren} – ${document.title.split(" – ").pop()}`;
  title.focus();
}

const say = text => { $("[data-said]").textContent = text; };
$("[data-print] button").addEventListener("click", () => print());
const asked = location.hash.slice(1);
if (/^\d{9}$/.test(asked)) {
  form.elements.q.value = asked;
  open(asked).catch(problem => say(problem.message));
}
