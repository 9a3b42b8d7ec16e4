/**
 * The rail beside the page, live: what is new behind each of its links, where the screen has room
 * for it. The first page brings its own.
 */

import { whenChanged } from "./changes.js";

const SHOWN = "(min-width: 75rem)";
const SOON_MS = 4000;

const wide = window.matchMedia(SHOWN);
const comesWithPage = document.querySelector("[data-home]") !== null;
let listens = false;

async function load() {
  if (!wide.matches) return;
  const answer = await fetch("/rail", { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  showRail(template.content);
}

/**
 * Show the rail as it is now; where the keyboard is in it, once that has left.
 * @param {ParentNode} page what holds the new one
 */
export function showRail(page) {
  const rail = document.querySelector("[data-rail]");
  const fresh = page.querySelector("[data-rail]");
  if (!rail || !fresh) return;
  if (rail.contains(document.activeElement)) {
    rail.addEventListener("focusout", () => setTimeout(() => showRail(page)), { once: true });
    return;
  }
  const here = rail.querySelector("[aria-current]")?.getAttribute("href");
  if (here) fresh.querySelector(`[href="${CSS.escape(here)}"]`)?.setAttribute("aria-current", "page");
  rail.replaceWith(fresh);
}

/** Ask for what is new, and hear of more, from when there is room for it. */
function begin() {
  if (!wide.matches || listens || comesWithPage) return;
  listens = true;
  if (document.querySelector("[data-rail]").dataset.rail !== "counted") load().catch(() => {});
  whenChanged(load, SOON_MS);
}

wide.addEventListener("change", begin);
begin();
