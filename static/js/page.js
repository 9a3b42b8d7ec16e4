/** What every page has: leaving it, local times, a menu that closes, problems that are heard. */

import "./leave.js";
import { localTimes } from "./times.js";

localTimes(document);

for (const line of document.querySelectorAll("[data-script-only]")) line.hidden = false;
document.querySelector("[data-problems]")?.focus();

const menu = document.querySelector("[data-menu]");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}
