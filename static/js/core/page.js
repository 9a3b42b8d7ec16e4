/** What every page has: leaving it, local times, menus that close, problems that are heard, search. */

import "./quick_exit.js";
import "./menus.js";
import { readOut } from "./forms/confirmation.js";
import { growWithText } from "./forms/autosize.js";
import { askInOwnZone, localTimes } from "./times.js";
import { searchKey } from "./search_key.js";
import { forgetAll, forgetOld } from "./forms/unsaved.js";
import { pushOwner } from "./push_owner.js";

const COOKIE_S = 30 * 24 * 3600;
const secure = location.protocol === "https:" ? "; secure" : "";
// So a thread counts what was on screen as read, not all that was sent (core/web/page_scripts.py).
document.cookie = `page_scripts=on; path=/; max-age=${COOKIE_S}; samesite=lax${secure}`;

forgetOld();
localTimes(document);
growWithText(document);
readOut();
searchKey();
document.querySelectorAll("[data-own-zone]").forEach(askInOwnZone);

for (const line of document.querySelectorAll("[data-script-only]")) line.hidden = false;
document.querySelector("[data-problems]")?.focus();
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-words]")) forgetAll();
});
if (document.querySelector("h1[data-forget-words]")) forgetAll();

// Where somebody has turned push messages on, they stay theirs, and end when they log out.
if (pushOwner()) import("../notifications/push_keeper.js").then((keeper) => keeper.keep());
