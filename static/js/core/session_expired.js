/** Tells a reader who has been logged out meanwhile, and says how to come back here. */

import { words, wordsWith } from "./words.js";

/**
 * What to show; the page with the words stays open.
 * @param {HTMLButtonElement | null} button by which the words are sent, if there are any
 * @returns {(string | HTMLAnchorElement)[]}
 */
export function loggedOut(button = null) {
  const link = document.createElement("a");
  link.href = `/login?next=${location.pathname}`;
  link.target = "_blank";
  link.textContent = words("logIn");
  if (!button) return wordsWith("loggedOut", { link });
  return wordsWith("loggedOutBeforeSending", { link, button: button.textContent.trim() });
}

/** @returns {Promise<boolean>} whether the forum no longer knows who this is */
export async function isLoggedOut() {
  const answer = await fetch("/session", { headers: { Accept: "application/json" } })
    .catch(() => null);
  return answer?.ok && (await answer.json()).account === "";
}
