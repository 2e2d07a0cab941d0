// Filter chips (aria-pressed) and a search box: both hide rows; the empty state offers the way back.
import { $, $$ } from "./page.js";

export function filter(chips, rows, search, empty) {
  let keys = [], words = "";
  const apply = () => {
    let shown = 0;
    for (const row of rows()) {
      row.hidden = keys.length > 0 && !keys.includes(row.dataset.k) || !row.textContent.toLowerCase().includes(words);
      shown += !row.hidden;
    }
    if (empty) empty.hidden = shown > 0 || !rows().length;
  };
  const press = chip => {
    for (const other of $$(".chip", chips)) other.setAttribute("aria-pressed", other === chip);
    keys = chip.dataset.f.split(" ").filter(Boolean);
    apply();
  };
  chips.addEventListener("click", event => { const chip = event.target.closest(".chip"); if (chip) press(chip); });
  search?.addEventListener("input", () => { words = search.value.trim().toLowerCase(); apply(); });
  if (empty) $("[data-reset]", empty).addEventListener("click", () => { if (search) search.value = words = ""; press($(".chip", chips)); $(".chip", chips).focus(); });
  return apply;
}
