/** The first page, live: when something on it has changed, it is fetched again and put in place. */

import { morph } from "../core/morph.js";
import { whenChanged } from "./changes.js";
import { showRail } from "./rail.js";

const SOON_MS = 1500;

async function refresh() {
  const answer = await fetch("/", { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-home]");
  if (fresh) morph(document.querySelector("[data-home]"), fresh);
  showRail(page);
}

whenChanged(refresh, SOON_MS);
