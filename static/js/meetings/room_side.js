/** What is behind a button on a phone: people and the speaking queue; and private notes beside them. */

/** Esc leads back to the messages. @param {HTMLElement} page the room */
export function panel(page) {
  const side = page.querySelector(".room-side");
  const link = page.querySelector(".room-people-link");
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !link.checkVisibility() || side.querySelector("[open].room-menu")) {
      return;
    }
    location.hash = "say";
    link.focus();
  });
}

/**
 * Count the notes that came while they were closed.
 * @param {HTMLElement} page @param {HTMLDetailsElement} details
 * @returns {() => void} is called for each that comes
 */
export function unreadNotes(page, details) {
  let unread = 0;
  const show = () => {
    for (const badge of page.querySelectorAll("[data-private-new]")) {
      badge.hidden = unread === 0;
      badge.textContent = `${unread} new`;
    }
  };
  const isSeen = () => details.open && details.checkVisibility();
  const seen = () => {
    if (!isSeen()) return;
    unread = 0;
    show();
  };
  details.addEventListener("toggle", seen);
  window.addEventListener("hashchange", seen);
  return () => {
    if (isSeen()) return;
    unread += 1;
    show();
  };
}
