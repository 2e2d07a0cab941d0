// One way to speak to the API: JSON out, JSON in, a Problem (the French sentence of the refusal) when the answer is no.
import { $$ } from "./page.js";

export class Problem extends Error {
  constructor(status, { title, field, errors } = {}) {
    super(title ?? "Une erreur est survenue de notre côté. Réessayez dans un instant.");
    Object.assign(this, { status, field, errors: errors ?? (field ? [{ field, message: title }] : []) });
  }
}

export async function ask(method, path, body, headers = {}) {
  try {
    if (method !== "GET") [headers, body] = [{ ...headers, "Content-Type": "application/json" }, JSON.stringify(body ?? {})];
    return await fetch(path, { method, headers, body });
  } catch {
    throw new Problem(0, { title: "Vous semblez hors ligne. Ce que vous avez saisi est gardé : réessayez dans un instant." });
  }
}

export async function api(method, path, body, draft) {
  const answer = await ask(method, path, body, draft && { Authorization: `Draft ${draft}` });
  const said = await answer.json().catch(() => undefined);
  if (answer.ok) return said;
  if (answer.status === 401 && !draft) await signIn();
  throw new Problem(answer.status, said);
}

// The session has ended: what was typed waits in this browser, and signing in comes back to this page.
export function signIn() {
  const typed = Object.fromEntries($$("form[id]").filter(form => form.checkVisibility()).map(form => [form.id, Object.fromEntries([...new FormData(form)])]));
  sessionStorage.setItem(`reglo:typed:${location.pathname}`, JSON.stringify(typed));
  sessionStorage.setItem("reglo:typing", Object.values(typed).some(form => Object.values(form).some(Boolean)) ? "yes" : "");
  localStorage.setItem("reglo:next", location.pathname + location.hash);
  location.replace("/connexion");
  return new Promise(() => {});
}

export function typedBefore(form) {
  const kept = JSON.parse(sessionStorage.getItem(`reglo:typed:${location.pathname}`) ?? "{}")[form.id];
  for (const [name, value] of Object.entries(kept ?? {})) if (form.elements[name]) form.elements[name].value = value;
  return kept && Object.values(kept).some(Boolean);
}

for (const button of $$("[data-signout]")) button.addEventListener("click", async () => {
  await api("DELETE", "/api/sessions");
  location.assign("/");
});
