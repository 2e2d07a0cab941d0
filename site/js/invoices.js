// The block of an invoice is copied for each of the others of the draft: ids, names and labels bear the id of the invoice.
import { $, $$, element, write } from "./page.js";

export function blocks(invoices) {
  const first = $('[data-block="sum"]'), many = invoices.length > 1;
  const made = invoices.map(({ id: invoice, file, credits }, at) => {
    const block = at ? first.cloneNode(true) : first;
    if (many) $("h2", block).textContent = `Facture ${at + 1} sur ${invoices.length}`;
    if (many) $(".vh", $("[data-edit]", block)).textContent = ` la facture ${at + 1}, ${file.name}`;
    if (at) $('[data-field="interest"]', block).remove();
    if (credits?.length) $("[data-view]", block).after(element("p", { className: "small soft" }, `Avoirs joints\u00a0: ${credits.map(({ number, amount }) => `${number}, ${write.eur(amount)}`).join("\u00a0; ")}.`));
    return [block, invoice];
  });
  for (const [block, invoice] of made) {
    if (invoice !== "1") rename(block, `.${invoice}`);
    if (block !== first) $('[data-block="you"]').before(block);
  }
}

function rename(block, end) {
  const interest = $('[data-field="interest"]', block), inside = [block, ...$$("*", block)].filter(part => !interest?.contains(part));
  for (const part of inside) {
    for (const name of ["id", "for", "name", "data-field", "aria-describedby", "aria-controls", "aria-labelledby"]) if (part.getAttribute(name)) part.setAttribute(name, part.getAttribute(name) + end);
    if (part.dataset.row) part.dataset.row = part.dataset.row.replace(/[a-z_]+/g, `$&${end}`);
  }
}
