/**
 * Tells for how long a thread's page has been read. It is loaded for those alone who agreed to that
 * in a study. What it tells is the whole of it each time, so that nothing depends on one message.
 */

import { Attention } from "./reading_timer.js";
import { post } from "../core/http.js";
import { connection } from "../core/socket.js";

const TELL_MS = 15000;
const NOTICED_MS = 500;
const SIGNS = ["keydown", "pointerdown", "pointermove", "scroll", "wheel", "touchmove"];

const page = document.querySelector("[data-reading]").dataset.reading;
const list = document.querySelector(".posts");
const socket = connection();
const now = () => performance.now();
const looked = () => !document.hidden && document.hasFocus();
const attention = new Attention(now(), looked() ? 0 : now());
let toldMs = 0;

function tell(last) {
  attention.pass(now());
  const high = Math.ceil(attention.high);
  if (high <= toldMs) return;
  toldMs = high;
  const posts = [...attention.seen].join(",");
  const said = { page, low_ms: Math.floor(attention.low), high_ms: high, posts };
  if (socket.connected && !last) socket.emit("activity:reading", said);
  else post("/activity/reading", said, { keepalive: true }).catch(() => {});
}

function look(last = false) {
  attention.look(looked() && !last, now());
  if (!attention.looking) tell(last || document.hidden);
}

const screen = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting, intersectionRatio, intersectionRect } of changes) {
    const much = intersectionRatio >= 0.5 || intersectionRect.height >= window.innerHeight / 2;
    attention.show(target.dataset.postId, isIntersecting && much, now());
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

let noticed = 0;
const alive = () => {
  if (now() - noticed < NOTICED_MS) return;
  noticed = now();
  attention.alive(noticed);
};
for (const sign of SIGNS) window.addEventListener(sign, alive, { passive: true, capture: true });
for (const change of ["focus", "blur", "pageshow"]) window.addEventListener(change, () => look());
document.addEventListener("visibilitychange", () => look());
window.addEventListener("pagehide", () => look(true));
setInterval(() => tell(false), TELL_MS);
look();
