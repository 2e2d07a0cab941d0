// Follows one resource without holding a connection: conditional requests every 5 s for a minute after the load or a change,
// then every 30 s, none while the page is hidden or has lost the focus. An unchanged answer costs a 304.
import { ask, signIn, Problem } from "./api.js";

const QUICK = 5_000, SLOW = 30_000, MINUTE = 60_000;

export function follow(path, { changed, failed }) {
  let etag, until = 0, timer, asking;

  async function look() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    try {
      const answer = await ask("GET", path, undefined, etag && { "If-None-Match": etag });
      if (answer.status === 401) return signIn();
      if (answer.status !== 304) {
        const said = await answer.json().catch(() => undefined);
        if (!answer.ok) throw new Problem(answer.status, said);
        etag = answer.headers.get("ETag");
        until = Date.now() + MINUTE;
        changed(said);
      }
      failed(null);
    } catch (problem) {
      if (!("status" in problem)) throw problem;
      failed(problem);
      if ([403, 404].includes(problem.status)) return;
    } finally {
      asking = false;
    }
    rest();
  }

  function rest() {
    clearTimeout(timer);
    if (document.visibilityState === "visible" && document.hasFocus()) timer = setTimeout(look, Date.now() < until ? QUICK : SLOW);
  }

  addEventListener("focus", look);
  addEventListener("blur", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", rest);
  look();
  return () => { until = Date.now() + MINUTE; return look(); };
}
