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
  if (event.key === "Escape" && menu) closeAndReturn(menu);
});

// Tab leads out of a menu. Not on focus: Safari gives none to a button that is clicked.
document.addEventListener("keyup", (event) => {
  if (event.key === "Tab") closeAllBut(document.activeElement?.closest(MENUS));
});
