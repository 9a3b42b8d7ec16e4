/** Whoever has been logged out meanwhile is told so, and how to come back here. */

const WORDS = "You have been logged out here. What you wrote stays.";

/** @returns {(string | HTMLAnchorElement)[]} what to show; the page with the words stays open */
export function loggedOut() {
  const link = document.createElement("a");
  link.href = `/login?next=${location.pathname}`;
  link.target = "_blank";
  link.textContent = "Log in again in a new tab";
  return [`${WORDS} `, link];
}

/** @returns {Promise<boolean>} whether the forum no longer knows who this is */
export async function isLoggedOut() {
  const answer = await fetch("/session", { headers: { Accept: "application/json" } })
    .catch(() => null);
  return answer?.ok && (await answer.json()).account === "";
}
