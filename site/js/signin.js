// Signing in: an address, then a link that serves once. The answer is the same whether the address is known or not.
import { $, fill, token } from "./page.js";
import { Problem, api } from "./api.js";
import { busy } from "./busy.js";
import { onSubmit } from "./form.js";

const form = $("[data-signin]"), link = token("sign_in", true), sent = $("[data-sent]"), open = $("[data-open]"), gone = $("[data-gone]");

$("[data-kept]").hidden = !sessionStorage.getItem("reglo:typing") || Boolean(link);
if (link) { form.hidden = true; open.hidden = false; }

onSubmit(form, async ({ email }) => {
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw new Problem(422, { field: "email", title: "Saisissez votre e-mail, par exemple prenom@entreprise.fr." });
  await api("POST", "/api/sign-in", { email });
  fill(sent, { email });
  form.hidden = gone.hidden = true;
  sent.hidden = false;
  sent.focus();
});

$("[data-go]").addEventListener("click", ({ currentTarget: button }) => busy(button, async () => {
  const { next, role } = await api("POST", "/api/sessions", { token: link });
  sessionStorage.removeItem("reglo:sign_in");
  const back = localStorage.getItem("reglo:next");
  localStorage.removeItem("reglo:next");
  location.replace(back && !(role === "staff" && back === "/dossiers") ? back : next);
}).catch(problem => {
  if (![404, 410, 401].includes(problem.status)) return Object.assign($("[data-problem]"), { textContent: problem.message, hidden: false });
  sessionStorage.removeItem("reglo:sign_in");
  open.hidden = true;
  form.hidden = gone.hidden = false;
  gone.focus();
}));

$("[data-again]").addEventListener("click", event => { event.preventDefault(); sent.hidden = true; form.hidden = false; form.elements.email.focus(); });
