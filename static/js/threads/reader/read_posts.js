/**
 * Tells the forum which posts were read: those that were on screen, never a page that was only
 * loaded. What lies unseen between two posts of the page goes with the later one, since nothing of
 * it is shown to this reader.
 */

import { post } from "../../core/http.js";
import { watchReading } from "./watch_reading.js";

const REPORT_MS = 1000;
const ITEM = "li[data-mine]"; // a post, or the line that says why it is out of sight

/**
 * @param {HTMLElement} page the thread
 * @param {HTMLElement} list its posts on this page
 * @param {import("socket.io-client").Socket} socket
 */
export function reportReadPosts(page, list, socket) {
  const told = new Set();
  const place = { reload_version: Number(page.dataset.reloadVersion) };
  const threadId = Number(page.dataset.threadId);
  let timer = null;

  function report(leaving) {
    if (!timer) return;
    timer.advance(performance.now());
    const items = [...list.querySelectorAll(ITEM)].filter(numberOf);
    const read = items.filter((item) => timer.seen.has(item) && !told.has(item));
    if (!read.length || (!leaving && !socket.connected)) return;
    const fields = { ...place, posts: rangesOf(items, read, page.dataset) };
    for (const item of read) told.add(item);
    const again = () => { for (const item of read) told.delete(item); };
    if (leaving) {
      post(`/threads/${threadId}/read`, fields, { keepalive: true }).catch(again);
    } else {
      socket.timeout(10 * REPORT_MS).emit("thread:seen", { ...fields, thread_id: threadId },
        (late, answer) => { if (late || !answer.ok) again(); });
    }
  }
  timer = watchReading(list, ITEM, (item) => item, report);
  setInterval(() => report(false), REPORT_MS);
  // The page that a link leads to says what is unread: so this is sent first.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[href]")) report(false);
  }, { capture: true });
}

/** @returns {string} such as "3-7,9-9" */
function rangesOf(items, read, { first, last }) {
  const ranges = [];
  let before = Number(first) - 1;
  for (const [at, item] of items.entries()) {
    const end = at === items.length - 1 && Number(last) || numberOf(item);
    const previous = ranges.at(-1);
    if (read.includes(item)) {
      if (previous?.[1] === before) previous[1] = end;
      else ranges.push([before + 1, end]);
    }
    before = end;
  }
  return ranges.map((range) => range.join("-")).join(",");
}

function numberOf(item) {
  return Number(item.querySelector(".post")?.dataset.number || 0);
}
