/** What every page has: leaving it, local times, menus that close, problems that are heard. */

import "./quick_exit.js";
import "./menus.js";
import { growWithText } from "./growing.js";
import { askInOwnZone, localTimes } from "./times.js";
import { forgetAll } from "./unsaved.js";

localTimes(document);
growWithText(document);
document.querySelectorAll("[data-own-zone]").forEach(askInOwnZone);

for (const line of document.querySelectorAll("[data-script-only]")) line.hidden = false;
document.querySelector("[data-problems]")?.focus();
document.addEventListener("submit", (event) => {
  if (event.target.matches('[action="/logout"]')) forgetAll();
});
