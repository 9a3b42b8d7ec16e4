/** Tells a reader who has been logged out meanwhile, and says how to come back here. */

/**
 * What to show; the page with the words stays open.
 * @param {HTMLButtonElement | null} button by which the words are sent, if there are any
 * @returns {(string | HTMLAnchorElement)[]}
 */
export function loggedOut(button = null) {
  const link = document.createElement("a");
  link.href = `/login?next=${location.pathname}`;
  link.target = "_blank";
  link.textContent = "Log in in a new tab";
  const then = button ? `, then press “${button.textContent.trim()}”. What you wrote stays here.` : ".";
  return ["You have been logged out here. ", link, then];
}

/** @returns {Promise<boolean>} whether the forum no longer knows who this is */
export async function isLoggedOut() {
  const answer = await fetch("/session", { headers: { Accept: "application/json" } })
    .catch(() => null);
  return answer?.ok && (await answer.json()).account === "";
}
