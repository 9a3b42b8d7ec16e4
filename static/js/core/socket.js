/** The page's one Socket.IO connection, shared by everything that is live. */

import { io } from "../../vendor/socket.io.esm.min.js";

const AGAIN_MS = 2000;
const MOST_AGAINS = 5;
const STEADY_MS = 60000;
// A request that waits for news ends by itself after 25 seconds; one that hangs would keep one of
// the browser's few connections from replies.
const POLL_MS = 40000;

let shared = null;

/** @returns {import("socket.io-client").Socket} the connection, opened on first use */
export function connection() {
  if (shared) return shared;
  const named = document.querySelector("[data-transports]")?.dataset.transports;
  shared = io({
    transports: named ? named.split(/[\s,]+/) : ["websocket", "polling"],
    reconnectionDelay: 500,
    reconnectionDelayMax: 15000,
    requestTimeout: POLL_MS,
    query: { language: document.documentElement.lang },
  });
  comeBack(shared);
  return shared;
}

/** The library stays away after the server's own goodbye; a restarted server wants us back. */
function comeBack(socket) {
  let agains = 0;
  let since = 0;
  socket.on("connect", () => { since = Date.now(); });
  socket.on("disconnect", (reason) => {
    if (Date.now() - since > STEADY_MS) agains = 0;
    if (reason === "io server disconnect" && agains++ < MOST_AGAINS) {
      setTimeout(() => socket.connect(), AGAIN_MS * agains);
    }
  });
  // Refused for good: the same would be refused again, so nothing is kept open for it.
  socket.on("connect_error", () => { if (!socket.active) socket.disconnect(); });
  window.addEventListener("online", () => socket.connect());
  // A connection stays that of the person who opened it.
  document.addEventListener("session:renewed", () => socket.disconnect().connect());
}
