// What the creditor decides of a case, in a dialog that says its effect first. Fetched at the first decision.
import { $, toast } from "./page.js";
import { api } from "./api.js";

const dialog = $("#dlg");
const EFFECTS = {
  stop: "Le dossier se ferme. Vous ne devez rien sur ce qui n’a pas été récupéré. C’est définitif.",
  wait: "Rien ne part jusqu’à la date choisie. La question vous sera posée à nouveau ce jour-là.",
  legal: "Le dossier passe au service juridique, qui vous dit les voies possibles et leur coût. Aucune procédure n’est lancée sans votre accord écrit.",
};

export async function decide(choice, label, path, again) {
  $("[data-dlg-title]").textContent = `${label} ?`.replace(" ?", "\u00a0?");
  $("[data-dlg-text]").textContent = EFFECTS[choice];
  $("[data-dlg-ok]").textContent = label;
  $("[data-until]").hidden = choice !== "wait";
  $("#until").required = choice === "wait";
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise(done => dialog.addEventListener("close", done, { once: true }));
  if (dialog.returnValue !== "ok") return;
  try {
    await api("POST", `${path}/decision`, { choice, ...(choice === "wait" && { until: $("#until").value }) });
    toast("C’est noté");
    again();
  } catch (problem) { toast(problem.message); }
}
