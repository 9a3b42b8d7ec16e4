/** Hear on this page that what is new has changed, over its one connection, and act a little later. */

import { connection } from "../core/socket.js";

/**
 * Act when something has changed, and the page is looked at.
 * @param {() => Promise<void>} act
 * @param {number} soonMs how long to wait, and as long again by chance, so not all ask at once
 * @returns {void}
 */
export function whenChanged(act, soonMs) {
  const socket = connection();
  let soon = 0;
  let missed = false;
  let joinedBefore = false;

  function actSoon() {
    soon ||= setTimeout(() => {
      soon = 0;
      missed = document.hidden;
      if (!missed) act().catch(() => {});
    }, soonMs * (1 + Math.random()));
  }

  function join() {
    socket.emit("home:join", () => { document.body.dataset.live = ""; });
    if (joinedBefore) actSoon(); // something may have been said meanwhile
    joinedBefore = true;
  }

  socket.on("connect", join);
  if (socket.connected) join();
  socket.on("home:changed", actSoon);
  document.addEventListener("visibilitychange", () => missed && !document.hidden && actSoon());
  window.addEventListener("pageshow", (event) => event.persisted && actSoon());
}
