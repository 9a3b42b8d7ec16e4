/** The unread badge in the header, live on every page of someone who is logged in. */

import { connection } from "../core/socket.js";

const MOST = 100;

connection().on("notification", ({ unread }) => {
  for (const badge of document.querySelectorAll("[data-notification-badge]")) {
    badge.textContent = unread > MOST ? `${MOST}+` : String(unread);
    badge.hidden = unread === 0;
  }
});
