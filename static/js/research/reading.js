/**
 * Reports for how long a thread's page has been read. It is loaded only for participants who agreed
 * to that. Each report is complete, so nothing depends on one message.
 */

import { post } from "../core/http.js";
import { connection } from "../core/socket.js";
import { watchReading } from "../threads/reader/watch_reading.js";

const REPORT_MS = 15000;

const page = document.querySelector("[data-reading]").dataset.reading;
const list = document.querySelector(".posts");
const socket = connection();
let timer = null;
let reportedMs = 0;

function report(last) {
  if (!timer) return;
  timer.advance(performance.now());
  const high = Math.ceil(timer.high);
  if (high <= reportedMs) return;
  reportedMs = high;
  const posts = [...timer.seen].join(",");
  const reading = { page, low_ms: Math.floor(timer.low), high_ms: high, posts };
  if (socket.connected && !last) socket.emit("activity:reading", reading);
  else post("/activity/reading", reading, { keepalive: true }).catch(() => {});
}

timer = watchReading(list, "[data-post-id]", (one) => one.dataset.postId, report);
setInterval(() => report(false), REPORT_MS);
