/** New content for something that is on the page already. */

/* global Idiomorph */

/** Set by this page, never by the server's fragment. */
const OWN_STATE = ["open", "aria-pressed", "disabled"];

/**
 * Give an element its new content in place: what was opened stays open, what has the focus keeps it,
 * and moments stay in the reader's own time.
 * @param {HTMLElement} old @param {HTMLElement} fresh
 */
export function morph(old, fresh) {
  const hadFocus = old.contains(document.activeElement);
  Idiomorph.morph(old, fresh, { callbacks: { beforeNodeMorphed: keepOwnState } });
  if (hadFocus && !old.contains(document.activeElement)) old.focus({ preventScroll: true });
}

function keepOwnState(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) return true;
  if (old.tagName === "TIME" && old.dateTime === fresh.dateTime) return false;
  if (old.className !== fresh.className) return true;
  for (const name of OWN_STATE) {
    if (old.hasAttribute(name)) fresh.setAttribute(name, old.getAttribute(name));
  }
  return true;
}
