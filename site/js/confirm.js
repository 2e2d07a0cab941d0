// The page an e-mailed link opens. Opening it confirms nothing (mail scanners open links): the button does.
import { $, $$, token } from "./page.js";
import { api } from "./api.js";
import { busy } from "./busy.js";

const link = token("confirm", true);
if (!link) say("gone");

$("[data-go]").addEventListener("click", ({ currentTarget: button }) => busy(button, async () => {
  const { state, next } = await api("POST", "/api/confirmations", { token: link });
  sessionStorage.removeItem("reglo:confirm");
  if (state === "opened") location.assign(next);
  else say(state);
}).catch(problem => {
  if ([404, 410].includes(problem.status)) return say("gone");
  Object.assign($("[data-problem]"), { textContent: problem.message, hidden: false });
}));

function say(state) {
  $("[data-ask]").hidden = $("[data-unasked]").hidden = true;
  for (const part of $$("[data-state]")) part.hidden = part.dataset.state !== state;
  $(`[data-state="${state}"]`).focus();
}
