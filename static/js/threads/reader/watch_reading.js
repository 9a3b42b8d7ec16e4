/** What of a list is being read: what is on screen, while the page is in front of somebody. */

import { ReadingTimer } from "./reading_timer.js";

const NOTE_AT_MOST_EVERY_MS = 500;
const ACTIVITY_EVENTS = ["keydown", "pointerdown", "pointermove", "scroll", "wheel", "touchmove"];
const now = () => performance.now();
const isReadable = () => !document.hidden && document.hasFocus();

/**
 * @param {HTMLElement} list
 * @param {string} selector finds in it what is read, now and as more arrives
 * @param {(element: HTMLElement) => unknown} nameOf says by what the timer knows it
 * @param {(leaving: boolean) => void} paused is called when the page is out of sight or left
 * @returns {ReadingTimer}
 */
export function watchReading(list, selector, nameOf, paused) {
  const timer = new ReadingTimer(now(), isReadable() ? 0 : now());
  const update = (leaving = false) => {
    timer.setReadable(isReadable() && !leaving, now());
    if (!timer.readable) paused(leaving || document.hidden);
  };
  watchScreen(list, selector, (target, onScreen) => {
    timer.setOnScreen(nameOf(target), onScreen, now());
  });
  let notedAt = 0;
  const noteActivity = () => {
    if (now() - notedAt < NOTE_AT_MOST_EVERY_MS) return;
    notedAt = now();
    timer.noteActivity(notedAt);
  };
  for (const event of ACTIVITY_EVENTS) {
    window.addEventListener(event, noteActivity, { passive: true, capture: true });
  }
  for (const event of ["focus", "blur", "pageshow"]) {
    window.addEventListener(event, () => update());
  }
  document.addEventListener("visibilitychange", () => update());
  window.addEventListener("pagehide", () => update(true));
  update();
  return timer;
}

/** Half of it, or as much as fills half of the window, is on screen. */
function watchScreen(list, selector, show) {
  const screen = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect } of changes) {
      const much = intersectionRatio >= 0.5 || intersectionRect.height >= window.innerHeight / 2;
      show(target, isIntersecting && much);
    }
  }, { threshold: [0, 0.1, 0.25, 0.5] });
  const observe = (root) => {
    if (root.matches(selector)) screen.observe(root);
    for (const one of root.querySelectorAll(selector)) screen.observe(one);
  };
  observe(list);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.querySelectorAll) observe(node);
    }
  }).observe(list, { childList: true });
}
