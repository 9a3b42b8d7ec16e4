/** What every page has: leaving it, local times, menus that close, problems that are heard. */

import "./leave.js";
import "./menus.js";
import { localTimes } from "./times.js";
import { forgetAll } from "./unsaved.js";

localTimes(document);

for (const line of document.querySelectorAll("[data-script-only]")) line.hidden = false;
document.querySelector("[data-problems]")?.focus();
document.addEventListener("submit", (event) => {
  if (event.target.matches('[action="/logout"]')) forgetAll();
});
