/** Who is here, and who is writing; the latter is never read out. */

import { filled } from "../core/words.js";

const WRITING_MS = 5000;
const SEND_EVERY_MS = 3000;

/**
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLElement} page the thread
 * @param {number} threadId
 * @returns {{present: (handles: string[]) => void, wrote: (handle: string) => void}}
 */
export function presence(socket, page, threadId) {
  const here = page.querySelector("[data-present]");
  const present = (handles) => {
    here.hidden = handles.length === 0;
    here.textContent = filled(here.dataset.says, { names: handles.join(", ") });
  };
  socket.on("thread:present", (said) => said.thread_id === threadId && present(said.present));
  const wrote = showWhoWrites(socket, page.querySelector("[data-typing]"), "thread:typing",
    (said) => said.thread_id === threadId);
  return { present, wrote };
}

/**
 * Show who is writing. @param {import("socket.io-client").Socket} socket
 * @param {HTMLElement} line @param {string} event @param {(said: object) => boolean} isHere
 * @returns {(handle: string) => void} is called with who has finished
 */
export function showWhoWrites(socket, line, event, isHere) {
  const writing = new Map();
  const show = () => { line.textContent = sentence(line, [...writing.keys()]); };
  const stop = (handle) => {
    clearTimeout(writing.get(handle));
    writing.delete(handle);
    show();
  };
  socket.on(event, (said) => {
    if (!isHere(said)) return;
    clearTimeout(writing.get(said.handle));
    writing.set(said.handle, setTimeout(stop, WRITING_MS, said.handle));
    show();
  });
  return stop;
}

/** Tell the others, now and then, that something is being written in a place. */
export function sendTyping(socket, field, event, place) {
  let last = 0;
  field.addEventListener("input", () => {
    if (!field.value.trim() || Date.now() - last < SEND_EVERY_MS || !socket.connected) return;
    last = Date.now();
    socket.emit(event, place);
  });
}

function sentence(line, handles) {
  const { saysOne, saysTwo, saysSeveral } = line.dataset;
  const [name, other] = handles;
  return filled(["", saysOne, saysTwo][handles.length] ?? saysSeveral, { name, other });
}
