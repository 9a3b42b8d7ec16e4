/** Menus close on Esc, on what happens elsewhere and after a choice; one is open at a time. */

const MENUS = "[data-menu], .post-menu";

function closeAllBut(kept) {
  for (const menu of document.querySelectorAll(`:is(${MENUS})[open]`)) {
    if (menu !== kept) menu.open = false;
  }
}

function closeAndReturn(menu) {
  menu.open = false;
  menu.querySelector("summary").focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const menu = event.target.closest?.(MENUS);
  closeAllBut(menu);
  if (menu && event.target.closest("button")) closeAndReturn(menu);
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(`:is(${MENUS})[open]`);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" && menu) closeAndReturn(menu);
  if (!step || !menu?.contains(event.target)) return;
  event.preventDefault();
  move(menu, step);
});

/** On to the next of what a menu offers, round and round. */
function move(menu, step) {
  const items = [...menu.querySelectorAll("a, button")].filter((one) => one.checkVisibility());
  const at = items.indexOf(document.activeElement);
  const next = at < 0 && step < 0 ? items.length - 1 : (at + step + items.length) % items.length;
  items[next]?.focus();
}

// What opens below the edge of the screen, or under a bar, comes into view; on capture, since
// this event does not bubble.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches(MENUS) || !target.open) return;
  target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);

// Tab leads out of a menu. Not on focus: Safari gives none to a button that is clicked.
document.addEventListener("keyup", (event) => {
  if (event.key === "Tab") closeAllBut(document.activeElement?.closest(MENUS));
});
