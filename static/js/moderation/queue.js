/** The queue's page: kept up to date, in order, and worked by a few keys. */

import { confirmed } from "../core/forms/confirmation.js";
import { connectionLine, noticeLine } from "../core/connection.js";
import { post, Refused } from "../core/http.js";
import { queueKeys } from "./queue_keys.js";
import { QueueRows } from "./queue_rows.js";
import { connection } from "../core/socket.js";

const AGAIN_MS = 4000;
const PATIENCE_MS = 10000;
const ANYWAY_MS = 30000;

const list = document.querySelector("[data-queue]");
const says = list.dataset;
const notice = noticeLine(document.querySelector("[data-notice]"));
const announce = document.querySelector("[data-announce]");
const rows = new QueueRows(list, document.querySelector("[data-empty]"));

queueKeys(list, document.querySelector("[data-keys]"));

/** Claims stay on the page: the second to claim learns at once who was first. */
list.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-claim]");
  if (!button) return;
  event.preventDefault();
  const link = button.closest("li").querySelector("a");
  try {
    await post(button.getAttribute("formaction"), {});
    location.assign(link.href);
  } catch (problem) {
    notice(problem instanceof Refused ? problem.message : says.saysLost);
    follow();
  }
});

/** What was only to be looked at is resolved from here; its row goes as the queue tells. */
list.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-resolve]");
  if (!button) return;
  event.preventDefault();
  try {
    const next = document.querySelector("#queue-form [name=next]").value;
    confirmed(await post(button.getAttribute("formaction"), { next, outcome: button.value }));
  } catch (problem) {
    notice(problem instanceof Refused ? problem.message : says.saysLost);
  }
  follow();
});

const follow = live();

function live() {
  const socket = connection();
  const line = connectionLine(socket, document.querySelector("[data-connection]"));
  let seen = Number(list.dataset.version);
  let asking = false;
  let again = false;

  function catchUp() {
    if (!socket.connected) return;
    again = asking;
    if (asking) return;
    asking = true;
    socket.timeout(PATIENCE_MS).emit("queue:join", { after: seen }, (late, answer) => {
      asking = false;
      if (late) setTimeout(catchUp, AGAIN_MS);
      else if (answer.ok) settle(answer);
      else if (answer.error.code === "too_many") setTimeout(catchUp, AGAIN_MS);
      else line.closed(answer.error.message);
      if (again) catchUp();
    });
  }
  function settle(answer) {
    if (answer.reload) {
      line.offer(says.saysMuch, says.saysLoad, () => location.reload());
      return;
    }
    const came = answer.items.map((item) => rows.take(item));
    const fresh = came.filter((where) => where === "new").length;
    if (came.includes("earlier")) {
      line.offer(says.saysUrgent, says.saysFirst, () => {
        location.assign("/moderation");
      });
    }
    if (fresh) announce.textContent = says.saysNew.replace("%(count)s", fresh);
    seen = Math.max(seen, answer.version, ...answer.items.map((item) => item.version));
    list.dataset.joined = "yes";
  }
  socket.on("queue:changed", (change) => { if (change.version > seen) catchUp(); });
  socket.on("connect", catchUp);
  document.addEventListener("visibilitychange", () => document.hidden || catchUp());
  // The last message of all leaves no gap behind when it is lost, so ask now and then.
  setInterval(() => document.hidden || catchUp(), ANYWAY_MS * (1 + Math.random() / 2));
  catchUp();
  return catchUp;
}
