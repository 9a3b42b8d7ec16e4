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

/**
 * Give a post its new content: only the parts that differ are replaced, what was opened stays
 * open, and the focus returns to the same control.
 * @param {HTMLElement} old @param {HTMLElement} fresh
 */
export function patch(old, fresh) {
  const focused = old.contains(document.activeElement) && document.activeElement;
  const key = focused && focused !== old ? nameOf(focused) : null;
  for (const opened of old.querySelectorAll("details[open]")) {
    const same = fresh.querySelector(`details.${opened.className}`);
    if (same) same.open = true;
  }
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  replaceParts(old, fresh);
  if (!key || old.contains(document.activeElement)) return;
  const again = [...old.querySelectorAll("a, button, summary")].find((el) => nameOf(el) === key);
  (again || old).focus({ preventScroll: true });
}

function replaceParts(old, fresh) {
  if (old.children.length !== fresh.children.length) {
    old.replaceChildren(...fresh.childNodes);
    return;
  }
  for (const [index, part] of [...fresh.children].entries()) {
    if (!plain(old.children[index]).isEqualNode(plain(part))) old.children[index].replaceWith(part);
  }
}

/** A copy without what this page added: pressed buttons, opened details, local times. */
function plain(part) {
  const copy = part.cloneNode(true);
  for (const element of [copy, ...copy.querySelectorAll("details, button")]) {
    element.removeAttribute("open");
    element.removeAttribute("aria-pressed");
    element.removeAttribute("disabled");
  }
  for (const time of copy.querySelectorAll("time")) {
    time.replaceChildren();
    time.removeAttribute("title");
    time.removeAttribute("data-local");
  }
  return copy;
}

function nameOf(control) {
  const { tagName, className, value } = control;
  const target = control.getAttribute("formaction") || control.getAttribute("href");
  return [tagName, target, value, target ? "" : control.closest("details")?.className || className]
    .join(" ");
}
