/** A thread's page: everything that is live about it, put together. */

import { followAnchor } from "./reader/permalink.js";
import { newPosts } from "./reader/new_posts.js";
import { composer } from "./posts/composer.js";
import { connectionLine, noticeLine } from "../core/connection.js";
import { isLoggedOut, loggedOut } from "../core/session_expired.js";
import { follow, inOrder } from "./live_updates.js";
import { Posts } from "./posts/posts.js";
import { presence, sendTyping } from "./presence.js";
import { quotes } from "./posts/quote.js";
import { teamNotes } from "./team_note.js";
import { reactions } from "./posts/reactions.js";
import { reportReadPosts } from "./reader/read_posts.js";
import { connection } from "../core/socket.js";
import { confirmed } from "../core/forms/confirmation.js";

const page = document.querySelector("[data-thread-id]");
const threadId = Number(page.dataset.threadId);
const form = page.querySelector("[data-composer]");
const socket = connection();
const line = connectionLine(socket, page.querySelector("[data-connection]"));
const { arrived, beyond } = newPosts(page);
const who = presence(socket, page, threadId);
const posts = new Posts(page.querySelector(".posts"), {
  first: Number(page.dataset.first),
  last: Number(page.dataset.last) || Infinity,
  size: Number(page.dataset.pageSize),
  lastNumber: Number(page.dataset.lastNumber),
  arrived: (news) => {
    for (const post of news) who.wrote(post.querySelector(".post-author")?.textContent.trim());
    arrived(news);
  },
  beyond,
});
let draft = null;
followAnchor();
document.addEventListener("session:renewed", () => line.opened());

follow(socket, {
  join: "thread:join",
  place: { thread_id: threadId },
  version: Number(page.dataset.version),
  changes: {
    "post:created": (change) => posts.apply([change]),
    "post:changed": (change) => posts.apply([change]),
    "post:removed": (change) => posts.apply([{ ...change, removed: true }]),
  },
  settle(answer) {
    posts.apply(inOrder(answer.posts));
    who.present(answer.present || []);
  },
  async closed(message, worked) {
    const left = worked && posts.list.dataset.viewerId && await isLoggedOut();
    const send = form?.querySelector("[data-send]");
    line.closed(...(left ? loggedOut(send) : [message]));
  },
  reload: () => line.offer(page.dataset.saysMuch, page.dataset.saysLoad, async () => {
    await draft?.save();
    location.reload();
  }),
});
socket.on("thread:moved", ({ thread_id: from, to, message }) => {
  if (from !== threadId) return;
  if (!to) {
    posts.clear();
    line.closed(message);
    return;
  }
  const { saysReload, saysGo } = page.dataset;
  line.offer(message, to === threadId ? saysReload : saysGo, async () => {
    await draft?.save();
    location.assign(`/threads/${to}`);
  });
});
if (posts.list.dataset.viewerId) reportReadPosts(page, posts.list, socket);
const showTeamNote = teamNotes(posts, socket, threadId);
reactions(posts, noticeLine(page.querySelector("[data-notice]")));

if (form) {
  draft = composer(form, {
    sent({ id, html, note, ...told }) {
      const shown = posts.show(html);
      confirmed(told);
      showTeamNote(id, note || "");
      if (!shown) location.assign(`/posts/${id}`);
      shown?.scrollIntoView({ block: "nearest" });
    },
    back(again) {
      socket.on("connect", again);
      return () => socket.off("connect", again);
    },
  });
  quotes(posts.list, form);
  sendTyping(socket, form.elements.body, "thread:typing", { thread_id: threadId });
}
window.addEventListener("pagehide", () => socket.emit("thread:leave", { thread_id: threadId }));
