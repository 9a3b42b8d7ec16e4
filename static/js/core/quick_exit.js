/** Leave at once: the page goes blank first, then another takes its place in the history. */

import { forgetAll } from "./forms/unsaved.js";

const ELSEWHERE = "https://www.wikipedia.org/";
const PRESSES = 3;
const WITHIN_MS = 5000;

let presses = 0;
let alone = false;
let forgetting = 0;

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

/** Tell a screen reader how many presses are missing. */
function say(what) {
  const count = document.querySelector("[data-leave-count]");
  if (count) count.textContent = count.dataset[what];
}

/** Start the count again, and say so where a countdown has been heard. */
function stay() {
  if (presses) say("stayed");
  presses = 0;
}

// Esc closes menus and belongs to screen readers; Shift alone does nothing elsewhere.
window.addEventListener("keydown", (event) => {
  alone = event.key === "Shift" && (alone || !event.repeat);
  if (event.key !== "Shift") stay();
}, { capture: true });

window.addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  alone = false;
  presses += 1;
  clearTimeout(forgetting);
  if (presses === PRESSES) leave();
  else {
    say(presses === 1 ? "twice" : "once");
    forgetting = setTimeout(stay, WITHIN_MS);
  }
}, { capture: true });

// A click with Shift held selects or opens; it is no press of Shift alone.
window.addEventListener("pointerdown", () => { alone = false; stay(); }, { capture: true });
