/** Leave at once: the page goes blank first, then another takes its place in the history. */

import { forgetAll } from "./unsaved.js";

const ELSEWHERE = "https://www.wikipedia.org/";
const PRESSES = 3;
const WITHIN_MS = 2000;

const pressed = [];

function leave() {
  forgetAll();
  document.documentElement.replaceChildren();
  window.location.replace(ELSEWHERE);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-leave]")) return;
  event.preventDefault();
  leave();
});

window.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat) return;
  pressed.push(event.timeStamp);
  if (pressed.length > PRESSES) pressed.shift();
  if (pressed.length === PRESSES && event.timeStamp - pressed[0] <= WITHIN_MS) leave();
}, { capture: true });
