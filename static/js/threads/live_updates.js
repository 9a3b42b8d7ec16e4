/**
 * Rule 4 in the browser: live is a replay, not a hope.
 *
 * `seen` is the counter of a thread or room up to which nothing is missing. A change that arrives with the
 * next number moves it on; one that arrives further ahead is shown at once, and what lies between
 * is asked for. So missed, doubled and reordered messages do no harm.
 */

const GAP_MS = 300;
const AGAIN_MS = 4000;
const PATIENCE_MS = 10000;
const ANYWAY_MS = 20000;

/**
 * Keep a thread or a room up to date.
 * @param {import("socket.io-client").Socket} socket
 * @param {{join: string, place: Object<string, number>, version: number,
 *          changes: Object<string, (change: object) => void>, settle: (answer: object) => void,
 *          reload: () => void, closed: (message: string, worked: boolean) => void}} page
 *        `join` is the event that asks for what is new in `place`, and `changes` the events that
 *        bring it; `settle` shows an answer
 * @returns {() => void} asks for what is new now
 */
export function follow(socket, page) {
  const ahead = new Set();
  let seen = page.version;
  let soon = 0;
  let asking = false;
  let worked = false;
  let askAgain = false;

  const later = (wait) => {
    soon ||= setTimeout(() => { soon = 0; catchUp(); }, wait + Math.random() * wait);
  };
  const advance = () => {
    for (const version of ahead) if (version <= seen) ahead.delete(version);
    while (ahead.delete(seen + 1)) seen += 1;
    if (ahead.size) later(GAP_MS);
    else soon = clearTimeout(soon) || 0;
  };
  const [[field, placeId]] = Object.entries(page.place);
  const take = (show) => (change) => {
    if (change[field] !== placeId) return;
    show(change);
    ahead.add(change.version);
    advance();
  };

  function catchUp() {
    if (!socket.connected) return;
    askAgain = asking;
    if (asking) return;
    asking = true;
    const after = { ...page.place, after: seen };
    socket.timeout(PATIENCE_MS).emit(page.join, after, (late, answer) => {
      asking = false;
      if (late) later(AGAIN_MS);
      else if (answer.ok) settle(answer);
      else if (answer.error.code === "too_many") later(AGAIN_MS);
      else page.closed(answer.error.message, worked);
      if (askAgain) catchUp();
    });
  }
  function settle(answer) {
    worked = true;
    if (answer.reload) page.reload();
    else page.settle(answer);
    seen = Math.max(seen, answer.version);
    advance();
  }

  for (const [event, show] of Object.entries(page.changes)) socket.on(event, take(show));
  socket.on("connect", catchUp);
  document.addEventListener("visibilitychange", () => document.hidden || catchUp());
  window.addEventListener("online", catchUp);
  // The last message of all leaves no gap behind when it is lost, so ask now and then.
  setInterval(() => document.hidden || catchUp(), ANYWAY_MS * (1 + Math.random() / 2));
  window.addEventListener("pageshow", (event) => event.persisted && catchUp());
  catchUp();
  return catchUp;
}

/** In their order on the page. @param {{number?: number}[]} changes */
export function inOrder(changes) {
  return [...changes].sort((a, b) => (a.number || 0) - (b.number || 0));
}
