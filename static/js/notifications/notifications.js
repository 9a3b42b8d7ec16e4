/** The unread badges in the header, live on every page of someone who is logged in. */

import { connection } from "../core/socket.js";

const MOST = 100;

connection().on("notification", ({ unread, messages }) => {
  show("[data-notification-badge]", unread);
  show("[data-message-badge]", messages);
});

function show(badges, count) {
  for (const badge of document.querySelectorAll(badges)) {
    badge.textContent = count > MOST ? `${MOST}+` : String(count);
    badge.hidden = count === 0;
  }
}
