// After the mandate: the one thing left, the first dates, the mandate to keep. Asked again while the tab is looked at.
import { $, $$, fill, ready, stamp, toast, token } from "./page.js";
import { api } from "./api.js";
import { busy } from "./busy.js";
import { onSubmit } from "./form.js";

const draft = token("draft"), id = draft.split(".")[0], SHOWN = 4, EVERY = 15000;
const NOW = {
  accepted: { title: "Confirmation de votre e-mail", sentence: "Le dossier démarre dès que c’est fait." },
  waiting_agency: { title: "Contrôle par l’agence", sentence: "Registre, adresse, titulaire du compte : une fois, pour un premier dossier." },
  opened: { title: "Dossier ouvert", sentence: "Les échelons suivants sont datés." },
  refused: { title: "Dossier non ouvert", sentence: "Rien n’a été adressé à votre client." },
};

let state;
$("[data-batch]").hidden = JSON.parse(sessionStorage.getItem("reglo:batch") ?? "[]").length < 2; // the other debtors of the same drop
look().then(ready, () => ready(false));
setInterval(() => { if (document.visibilityState === "visible" && ["accepted", "waiting_agency"].includes(state)) look().catch(() => {}); }, EVERY);

async function look() {
  if (!draft) throw new Error("no draft");
  const read = await api("GET", `/api/drafts/${id}`, undefined, draft);
  if (!(read.state in NOW)) return location.replace(`/verifier#${draft}`);
  if (read.state === state) return;
  state = read.state;
  const { ref } = read, first = read.fields.signatory_name.split(" ")[0];
  fill(document, { ...read, ref, email: read.email ?? read.fields.creditor_email, first: first && `, ${first}`, now: NOW[state] });
  for (const part of $$("[data-state]")) part.hidden = part.dataset.state !== state;
  $("[data-case]").href = `/dossier#${ref}`;
  $("[data-ladder]").replaceChildren(...(read.quote?.ladder ?? []).slice(1, SHOWN + 1).map((rung, at) => stamp("t-next", { ...rung, n: at + 2 })));
  api("GET", `/api/drafts/${id}/mandate`, undefined, draft).then(({ link, size }) => {
    $("[data-mandate]").href = link;
    $("[data-mandate-meta]").textContent = `PDF, ${Math.ceil(size / 1024)}\u00a0Ko`;
    $("[data-document]").hidden = false;
  }, () => {});
  document.title = document.title.replace(/^.* –/, `Dossier ${ref} –`);
}

$("[data-resend]").addEventListener("click", ({ currentTarget: button }) => busy(button, async () => {
  await api("POST", `/api/drafts/${id}/resend`, {}, draft);
  toast("E-mail renvoyé");
}).catch(problem => toast(problem.message)));

const change = $("[data-change-form]"), opener = $("[data-change]");
opener.addEventListener("click", () => {
  change.hidden = !change.hidden;
  opener.setAttribute("aria-expanded", !change.hidden);
  if (!change.hidden) change.elements.email.focus();
});
onSubmit(change, async ({ email }) => {
  await api("POST", `/api/drafts/${id}/resend`, { email }, draft);
  for (const said of $$("[data-t=email]")) said.textContent = email;
  change.hidden = true;
  opener.setAttribute("aria-expanded", "false");
  toast(`E-mail envoyé à ${email}`);
});
