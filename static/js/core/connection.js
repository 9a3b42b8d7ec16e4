/**
 * One quiet line about the connection, and one for small things that did not work. Both are on the
 * page, empty, before they say anything: what only then comes into being is often not read out.
 */

import { words } from "./words.js";

const GRACE_MS = 1500;
const BACK_MS = 4000;
const NOTICE_MS = 8000;

/**
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLElement} line
 * @returns {{offer: (sentence: string, label: string, act: () => void) => void,
 *            closed: (...content: (string | Node)[]) => void, opened: () => void}}
 */
export function connectionLine(socket, line) {
  let timer = 0;
  let away = false;
  let kept = false;
  const show = (...content) => line.replaceChildren(...content);
  const offline = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      away = true;
      if (!kept) show(words("offline"));
    }, GRACE_MS);
  };
  const back = () => {
    clearTimeout(timer);
    if (!away || kept) return;
    away = false;
    show(words("backOnline"));
    timer = setTimeout(() => show(), BACK_MS);
  };
  socket.on("disconnect", offline);
  socket.on("connect", back);
  socket.on("connect_error", ({ message }) => {
    if (message !== "too many") return;
    show(words("tooManyTabs"));
  });
  window.addEventListener("offline", offline);
  return {
    offer(sentence, label, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "linklike";
      button.textContent = label;
      button.addEventListener("click", act);
      kept = true;
      show(`${sentence} `, button);
    },
    closed(...content) {
      clearTimeout(timer);
      kept = true;
      show(...content);
    },
    opened() {
      if (kept) show();
      kept = false;
    },
  };
}

/** @returns {(...content: (string | Node)[]) => void} shows a message for a while */
export function noticeLine(line) {
  let timer = 0;
  return (...content) => {
    clearTimeout(timer);
    line.replaceChildren(...content);
    timer = setTimeout(() => line.replaceChildren(), NOTICE_MS);
  };
}
