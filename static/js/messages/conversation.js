/** A private conversation: everything that is live about it, put together. */

import { composer } from "../threads/posts/composer.js";
import { connectionLine, noticeLine } from "../core/connection.js";
import { isLoggedOut, loggedOut } from "../core/session_expired.js";
import { follow, inOrder } from "../threads/live_updates.js";
import { Messages } from "../meetings/messages.js";
import { quietly } from "../core/forms/inline_forms.js";
import { sendTyping, showWhoWrites } from "../threads/presence.js";
import { connection } from "../core/socket.js";

const LOOK_EVERY_MS = 15000;

const page = document.querySelector("[data-conversation-id]");
const place = { conversation_id: page.dataset.conversationId };
const isHere = (said) => said.conversation_id === place.conversation_id;
const find = (name, within = page) => within.querySelector(`[data-${name}]`);
const form = find("composer");
const log = find("log");
const socket = connection();
const line = connectionLine(socket, find("connection"));
const noteMessage = showWhoWrites(socket, find("typing"), "conversation:typing", isHere);
log.classList.add("is-live");
const messages = new Messages(log, {
  button: find("new-messages"),
  arrived(author, item) {
    noteMessage(author);
    item.toggleAttribute("data-unread", !item.hasAttribute("data-own"));
    tellRead();
  },
});
const draft = composer(form, {
  sent: ({ html }) => messages.show(html),
  back(again) {
    socket.on("connect", again);
    return () => socket.off("connect", again);
  },
});

quietly(page, noticeLine(find("notice")));
sendTyping(socket, form.elements.body, "conversation:typing", place);
follow(socket, {
  join: "conversation:join",
  place,
  version: Number(page.dataset.version),
  changes: {
    "message:created": (change) => messages.apply([change]),
    "message:changed": (change) => messages.apply([change]),
  },
  settle(answer) {
    line.opened();
    for (const change of answer.messages) if (change.removed) remove(change.id);
    messages.apply(inOrder(answer.messages.filter((change) => !change.removed)));
    tellRead();
  },
  async closed(message, worked) {
    const send = find("send", form);
    line.closed(...(worked && await isLoggedOut() ? loggedOut(send) : [message]));
  },
  reload: () => line.offer(page.dataset.saysMuchNew, page.dataset.saysLoad, async () => {
    await draft.save();
    location.reload();
  }),
});
socket.on("message:removed", (said) => isHere(said) && remove(said.id));
socket.on("conversation:changed", (said) => isHere(said) && showState());
document.addEventListener("visibilitychange", tellRead);
window.addEventListener("pagehide", () => socket.emit("conversation:leave", place));
setInterval(removeVanished, LOOK_EVERY_MS);

function tellRead() {
  const last = Number(find("log").querySelector(".log-item:last-child .message")?.dataset.number);
  if (!document.hidden && last) socket.emit("conversation:seen", { ...place, number: last });
}

function remove(number) {
  document.getElementById(`message-${number}`)?.closest(".log-item").remove();
}

/** Whatever the connection has missed: a message that has had its time goes. */
function removeVanished() {
  for (const message of log.querySelectorAll("[data-vanishes-at]")) {
    if (new Date(message.dataset.vanishesAt) <= new Date()) message.closest(".log-item").remove();
  }
}

/** Show what the page would say now: that a request was accepted, or that the other has left. */
async function showState() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of ["state", "choices"]) {
    const now = find(name, fresh);
    if (now) find(name).replaceChildren(...now.childNodes);
  }
  form.hidden = find("composer", fresh)?.hidden ?? true;
  page.dataset.open = find("conversation-id", fresh)?.dataset.open ?? "";
}
