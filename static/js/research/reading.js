/**
 * Tells for how long a thread's page has been read. It is loaded for those alone who agreed to that
 * in a study. What it tells is the whole of it each time, so that nothing depends on one message.
 */

import { ReadingTimer } from "./reading_timer.js";
import { post } from "../core/http.js";
import { connection } from "../core/socket.js";

const REPORT_MS = 15000;
const NOTE_AT_MOST_EVERY_MS = 500;
const ACTIVITY_EVENTS = ["keydown", "pointerdown", "pointermove", "scroll", "wheel", "touchmove"];

const page = document.querySelector("[data-reading]").dataset.reading;
const list = document.querySelector(".posts");
const socket = connection();
const now = () => performance.now();
const isReadable = () => !document.hidden && document.hasFocus();
const timer = new ReadingTimer(now(), isReadable() ? 0 : now());
let reportedMs = 0;

function report(last) {
  timer.advance(now());
  const high = Math.ceil(timer.high);
  if (high <= reportedMs) return;
  reportedMs = high;
  const posts = [...timer.seen].join(",");
  const reading = { page, low_ms: Math.floor(timer.low), high_ms: high, posts };
  if (socket.connected && !last) socket.emit("activity:reading", reading);
  else post("/activity/reading", reading, { keepalive: true }).catch(() => {});
}

function updateReadable(last = false) {
  timer.setReadable(isReadable() && !last, now());
  if (!timer.readable) report(last || document.hidden);
}

const screen = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting, intersectionRatio, intersectionRect } of changes) {
    const much = intersectionRatio >= 0.5 || intersectionRect.height >= window.innerHeight / 2;
    timer.setOnScreen(target.dataset.postId, isIntersecting && much, now());
  }
}, { threshold: [0, 0.1, 0.25, 0.5] });
const observe = (root) => {
  for (const one of root.querySelectorAll("[data-post-id]")) screen.observe(one);
};
observe(list);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) if (node.querySelectorAll) observe(node);
  }
}).observe(list, { childList: true });

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
  window.addEventListener(event, () => updateReadable());
}
document.addEventListener("visibilitychange", () => updateReadable());
window.addEventListener("pagehide", () => updateReadable(true));
setInterval(() => report(false), REPORT_MS);
updateReadable();
