/** The rail beside the page: what is new behind each of its links, where the screen has room for it. */

const SHOWN = "(min-width: 75rem)";

let asked = document.querySelector("[data-rail]").dataset.rail === "counted";
const wide = window.matchMedia(SHOWN);

async function load() {
  const rail = document.querySelector("[data-rail]");
  if (asked || !wide.matches || !rail) return;
  asked = true;
  const answer = await fetch("/rail", { headers: { Accept: "text/html" } });
  if (answer.ok) show(await answer.text());
}

/** Show the rail as it is now. @param {string} html */
function show(html) {
  const rail = document.querySelector("[data-rail]");
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.querySelector("[data-rail]");
  if (!fresh || rail.contains(document.activeElement)) return;
  const here = rail.querySelector("[aria-current]")?.getAttribute("href");
  if (here) fresh.querySelector(`[href="${CSS.escape(here)}"]`)?.setAttribute("aria-current", "page");
  rail.replaceWith(fresh);
}

/** Ask again: something has changed. */
export function refreshRail() {
  asked = false;
  return load().catch(() => {});
}

wide.addEventListener("change", () => load().catch(() => {}));
window.addEventListener("pageshow", (event) => event.persisted && refreshRail());
load().catch(() => {});
