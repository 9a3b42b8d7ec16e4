/** The first page, live: when something on it has changed, it is asked for anew and put in place. */

import { morph } from "../core/morph.js";
import { connection } from "../core/socket.js";
import { refreshRail } from "./rail.js";

const SOON_MS = 1500; // and as long again by chance, so that not all ask at once

const socket = connection();
let soon = 0;
let missed = false;

async function refresh() {
  soon = 0;
  if (document.hidden) {
    missed = true;
    return;
  }
  missed = false;
  const answer = await fetch("/", { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-home]");
  if (fresh) morph(document.querySelector("[data-home]"), fresh);
  refreshRail();
}

function refreshSoon() {
  soon ||= setTimeout(() => refresh().catch(() => {}), SOON_MS * (1 + Math.random()));
}

let joinedBefore = false;
function join() {
  socket.emit("home:join", () => { document.querySelector("[data-home]").dataset.live = ""; });
  if (joinedBefore) refreshSoon(); // something may have been said meanwhile
  joinedBefore = true;
}

socket.on("connect", join);
if (socket.connected) join();
socket.on("home:changed", refreshSoon);
document.addEventListener("visibilitychange", () => missed && !document.hidden && refreshSoon());
window.addEventListener("pageshow", (event) => event.persisted && refreshSoon());
