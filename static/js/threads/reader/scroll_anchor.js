/** Nothing that arrives moves what somebody is reading, or takes the focus away from them. */

/**
 * Change the page while what is being read, or written, stays where it is on the screen.
 * @param {HTMLElement} list the posts
 * @param {() => void} change
 */
export function keepingPlace(list, change) {
  const anchor = anchorIn(list);
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (!anchor?.isConnected) return;
  const moved = anchor.getBoundingClientRect().top - before;
  if (moved) window.scrollBy({ top: moved, behavior: "instant" });
}

function anchorIn(list) {
  const focused = document.activeElement;
  if (focused?.closest("[data-composer]") && onScreen(focused)) return focused;
  return [...list.children].find((item) => item.getBoundingClientRect().bottom > 0);
}

function onScreen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}
