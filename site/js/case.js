// One case: the past with its proofs, today, the dated future, the amounts of the day. It follows the journal by itself;
// a new line arrives on top, is announced in one polite sentence, and never moves the focus.
import { $, $$, element, fill, icon, ready, stamp, toast, write } from "./page.js";
import { api } from "./api.js";
import { busy } from "./busy.js";
import { follow } from "./live.js";
import { lines } from "./statement.js";

const ref = location.hash.slice(1), path = `/api/cases/${encodeURIComponent(ref)}`;
let seen;

const again = follow(path, {
  changed(view) { show(view); ready(); },
  failed(problem) {
    if ([403, 404].includes(problem?.status)) return ready(false);
    const said = problem ? "La page n’est plus à jour" : "en direct";
    if ($("[data-live]").textContent !== said) $("[data-live]").textContent = said;
    $("[data-live]").classList.toggle("is-stale", Boolean(problem));
    if (problem && !seen) $("[data-wait]").textContent = problem.message;
  },
});
api("GET", "/api/me").then(({ role }) => { for (const part of $$("[data-staff], [data-mine]")) part.hidden = (role === "staff") !== part.hasAttribute("data-staff"); }, () => {});

$("[data-registers] details").addEventListener("toggle", async ({ target }) => (await import("./company.js")).opened(target, `${path}/debtor`));

function show(view) {
  const { statement, ladder, pill, debtor, contact } = view, at = ladder.findIndex(({ state }) => state === "now" || state === "next");
  const invoices = [...new Set(statement.lines.map(line => line.invoice).filter(Boolean))];
  fill($("main"), {
    ...view, where: at < 0 || view.status === "closed" ? "" : `Échelon ${at + 1} sur ${ladder.length} : ${ladder[at].label}`,
    subtitle: `Facture${invoices.length > 1 ? "s" : ""} ${invoices.join(", ")} · pour ${view.creditor.name}`, initials: initials(contact.name),
  });
  document.title = `${debtor.name}, ${view.ref} – ${document.title.split(" – ").pop()}`;
  $("[data-pill]").replaceChildren(element("span", { className: pill.kind ? `pill pill--${pill.kind}` : "pill" }, icon(pill.icon), pill.text));
  $("[data-ruler]").replaceChildren(...ladder.map((rung, index) => {
    const made = stamp("t-rung", { label: rung.short ?? rung.label, when: rung.state === "skipped" ? "sans objet" : rung.on && write.brief(rung.on) });
    if (rung.state === "done" || rung.state === "skipped") made.className = `is-done is-${rung.state}`;
    if (index === at && view.status !== "closed") { made.className = "is-now"; made.setAttribute("aria-current", "step"); }
    return made;
  }));
  $("[data-has-future]").hidden = !view.future.length;
  $("[data-future]").replaceChildren(...view.future.map(rung => {
    const made = stamp("t-future", { ...rung, n: ladder.findIndex(({ id }) => id === rung.id) + 1 || "" });
    if (/letter/.test(rung.channel)) Object.assign($("[data-preview]", made), { href: `${path}/letters/${rung.id}`, hidden: false });
    return made;
  }).reverse());
  past(view);
  money(view);
  question(view);
  $("[data-checked]").hidden = !view.checked;
  $("[data-running]").hidden = view.status === "closed";
  $("[data-documents]").replaceChildren(...view.documents.map(document => {
    const made = stamp("t-doc", document);
    $("[data-icon]", made).replaceWith(icon(document.icon ?? "file"));
    $("[data-link]", made).href = document.href;
    return made;
  }));
  Object.assign($("[data-tel]"), { href: `tel:${contact.phone.replace(/^0|\s/g, found => found === "0" ? "+33" : "")}`, textContent: contact.phone });
  Object.assign($("[data-mail]"), { href: `mailto:${contact.email}?subject=${encodeURIComponent(view.ref)}`, textContent: contact.email });
  $("[data-limitation]").replaceChildren(...view.limitation.invoices.map(({ invoice, sentence, warning }) => element("li", { className: view.limitation.near ? "hl" : "" }, `${invoices.length > 1 ? `${invoice}\u00a0: ` : ""}${sentence} ${warning}`)));
  $("[data-credit-note]").href = `/equipe#avoir:${view.ref}`;
  $("[data-move]").href = `/equipe#prescription:${view.ref}`;
  $("[data-received]").replaceChildren(...view.payments.filter(({ returned }) => !returned).map(({ payment, amount, on }) => element("li", {}, `${write.eur(amount)} reçus le ${write.day_month(on)}\u00a0: `, element("a", { href: `/equipe#retour:${view.ref}:${payment}` }, "revenu impayé\u00a0?"))));
  $("[data-retract-line]").hidden = !view.retract_until;
  $("[data-which]").hidden = invoices.length < 2;
  if ($("#credit_invoice").options.length !== invoices.length) $("#credit_invoice").replaceChildren(...invoices.map(number => new Option(number, number)));
  $("[data-pay]").href = `/equipe#payer:${view.ref}`;
  $("[data-correct]").href = `/equipe#corriger:${view.ref}`;
}

// The list is redrawn whole; lines not there before are marked, and the newest is said once.
function past(view) {
  const now = stamp("t-now", { ...view, on: view.statement.on }), key = ({ at, title }) => at + title;
  $("[data-icon]", now).append(icon(view.present.icon));
  const fresh = seen ? view.past.filter(entry => !seen.has(key(entry))) : [];
  $("[data-past]").replaceChildren(now, ...view.past.map(entry => {
    const made = stamp("t-past", { ...entry, note: entry.note && `«\u00a0${entry.note}\u00a0»`, author: author(entry) });
    if (entry.state === "in") made.classList.add("is-in");
    if (fresh.includes(entry)) made.classList.add("is-new");
    $("[data-icon]", made).append(icon(entry.state === "in" ? entry.icon : "check"));
    $("[data-proofs]", made).append(...entry.proofs.map(proof => {
      const chip = element(proof.href ? "a" : "span", { className: "proof" }, icon(proof.icon ?? "file"), proof.name, " ", element("span", {}, proof.meta ?? ""));
      return proof.href ? Object.assign(chip, { href: proof.href, target: "_blank", rel: "noopener" }) : chip;
    }));
    return made;
  }));
  if (fresh.length) toast(`Nouveau\u00a0: ${fresh[0].title}`);
  seen = new Set(view.past.map(key));
}

// Paid directly, the creditor has the money and owes us the commission: the sum to remit is negative.
const owes = sum => sum.startsWith("-");
const opposite = sum => owes(sum) ? sum.slice(1) : `-${sum}`;

// A payment that came back gives back what it had brought, to either side.
function remitted({ returned, to_remit: sum, pay_by: by }) {
  if (returned) return owes(sum) ? { title: "À déduire de vos reversements", amount: sum } : { title: "Commission que nous vous rendons", amount: sum };
  if (owes(sum)) return { title: "Commission à nous verser", detail: "votre client vous a payé directement", amount: opposite(sum) };
  if (!Number(sum)) return { title: "Rien à nous verser", amount: sum };
  return { title: "À vous reverser", detail: `au plus tard le ${write.day(by)}`, amount: sum };
}

// Who did it, when it was somebody and the title does not say so already.
const author = ({ by, title }) => by && by !== $(".logo").textContent && !title.includes(by) ? `Par ${by}.` : "";

function money({ statement, if_all_paid: whole, remittance }) {
  const balance = stamp("t-total", { title: Number(statement.balance) > 0 ? "Reste dû" : "Tout est réglé", amount: statement.balance });
  $("[data-lines]").replaceChildren(...lines(statement), balance);
  $("[data-if-paid]").hidden = !whole;
  $("[data-remit]").hidden = !remittance?.lines.length;
  if (!remittance) return;
  $("[data-remittance]").replaceChildren(...remittance.lines.flatMap(line => [
    stamp("t-line", { title: `${line.returned ? "Revenu impayé" : "Reçu"} le ${write.day_month(line.on)}`, amount: line.amount }),
    stamp("t-line", { title: "Commission HT", amount: opposite(line.fee) }),
    stamp("t-line", { title: "TVA", amount: opposite(line.vat) }),
    stamp("t-line", remitted(line)),
  ]), stamp("t-total", owes(remittance.total.to_remit) ? { title: "À nous verser", amount: opposite(remittance.total.to_remit) } : { title: "Pour vous", amount: remittance.total.to_remit }));
}

// The one pending request, never more than one: a choice, then a dialog that says its effect.
function question({ ask }) {
  $("[data-ask]").hidden = !ask;
  if (!ask) return;
  $("[data-choices]").replaceChildren(...ask.choices.map(({ id, label }, index) => {
    const button = element("button", { type: "button", className: index ? "btn btn--2" : "btn" }, label);
    button.addEventListener("click", () => decide(id, label));
    return button;
  }));
}

// What the creditor alone knows: a payment made to them, a credit note they gave. Their forms come when they are opened.
$("[data-tell]").addEventListener("click", async ({ currentTarget }) => (await import("./tell.js")).toggle(currentTarget, path, again));
$("[data-retract]").addEventListener("click", ({ currentTarget }) => busy(currentTarget, () => api("POST", `${path}/retraction`)).then(() => { toast("Vous vous êtes rétracté"); again(); }, problem => toast(problem.message)));

$("[data-stop]").addEventListener("click", () => decide("stop", "Clore le dossier"));

const decide = async (choice, label) => (await import("./decision.js")).decide(choice, label, path, again);

$("[data-export]").addEventListener("click", ({ currentTarget: button }) => busy(button, async () => {
  const { link, name, size } = await api("POST", `${path}/export`);
  $("[data-export-note]").textContent = `${name}, ${Math.ceil(size / 1024)}\u00a0Ko. Se vérifie hors ligne, sans nous.`;
  location.assign(link);
}).catch(problem => toast(problem.message)));

$("[data-consent]").addEventListener("click", ({ target }) => {
  if (target.value) busy(target, () => api("POST", `${path}/visit-consent`, { who: target.value })).then(() => { toast("Accord enregistré"); again(); }, problem => toast(problem.message));
});

const initials = name => name.split(" ").map(part => part[0]).slice(0, 2).join("");
