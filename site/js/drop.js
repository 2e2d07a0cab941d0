// The file drop: choose or drag one invoice, several, a ZIP or a spreadsheet; checked before sending; real progress; cancel.
// One invoice goes straight to its form, which reads it and is told by a token after the #; several are listed here first (batch.js).
import { $, $$, element } from "./page.js";
import { ask } from "./api.js";
import { bundle, send, sentence, wrong } from "./send.js";
import { several } from "./batch.js";

for (const drop of $$("[data-drop]")) {
  const input = $("input", drop), error = $("[data-error]", drop), bar = $("[data-progress]", drop), idle = $("[data-idle]", drop);
  let sending;

  input.addEventListener("change", () => take([...input.files]));
  for (const over of ["dragenter", "dragover"]) drop.addEventListener(over, event => { event.preventDefault(); drop.classList.add("is-over"); });
  for (const out of ["dragleave", "drop"]) drop.addEventListener(out, event => { event.preventDefault(); drop.classList.remove("is-over"); });
  drop.addEventListener("drop", event => take([...event.dataTransfer.files]));
  $("[data-cancel]", drop).addEventListener("click", () => { sending?.abort(); back(); input.focus(); });

  function take(files) {
    error.hidden = true; drop.classList.remove("is-bad"); input.removeAttribute("aria-invalid");
    if (!files.length || sending) return;
    if (files.length === 1 && (wrong(files[0]) || !bundle(files[0]))) return one(files[0]);
    idle.hidden = true;
    several(files, $("[data-files]", drop)).catch(refuse).finally(back);
  }

  async function one(file) {
    if (wrong(file)) return refuse(new Error(wrong(file)));
    sending = new AbortController();
    const { signal } = sending;
    idle.hidden = true; bar.hidden = false;
    $("[data-name]", bar).textContent = file.name;
    progress(0); stage("Envoi…");
    bar.focus();
    for (const next of ["/verifier", drop.dataset.next]) document.head.append(element("link", { rel: "prefetch", href: next })); // while the bytes travel
    try {
      const draft = await send(file, progress, signal);
      sessionStorage.setItem("reglo:unread", draft);
      if (!signal.aborted) location.assign(`/verifier#${draft}`);
    } catch (problem) {
      if (!signal.aborted) { back(); refuse(problem); }
    }
  }

  const refused = sessionStorage.getItem("reglo:refused"); // by the form, which could not read it
  sessionStorage.removeItem("reglo:refused");
  const stage = text => { $("[data-stage]", bar).textContent = text; };
  const progress = percent => { $("progress", bar).value = percent; $("[data-percent]", bar).textContent = `${percent}\u00a0%`; };
  const back = () => { sending = undefined; idle.hidden = false; bar.hidden = true; input.value = ""; };
  const refuse = problem => { error.textContent = sentence(problem); error.hidden = false; drop.classList.add("is-bad"); input.setAttribute("aria-invalid", "true"); input.value = ""; input.focus(); };
  if (refused) refuse(new Error(refused));
}

// Signed in, what was dropped and not finished waits on every device.
const resume = $("[data-resume]");
if (resume) ask("GET", "/api/drafts").then(answer => answer.ok && answer.json()).then(said => { resume.hidden = !said?.groups?.length; }, () => {});
