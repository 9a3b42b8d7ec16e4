/** j, k, c and r, only while the focus is in the list, and not at all for who turns them off. */

const STORED = "queue-keys";

/**
 * @param {HTMLElement} list
 * @param {HTMLInputElement|null} choice the box that turns the keys on and off
 */
export function queueKeys(list, choice) {
  if (!choice) return;
  choice.checked = localStorage.getItem(STORED) !== "off";
  choice.addEventListener("change", () => {
    localStorage.setItem(STORED, choice.checked ? "on" : "off");
  });
  list.addEventListener("keydown", (event) => {
    if (!choice.checked || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = event.target.closest("li");
    const action = row && { j: next, k: back, c: claim, r: open }[event.key];
    if (!action) return;
    event.preventDefault();
    action(row);
  });
}

const next = (row) => row.nextElementSibling?.querySelector("a").focus();
const back = (row) => row.previousElementSibling?.querySelector("a").focus();
const claim = (row) => row.querySelector('[formaction$="/claim"]')?.click();
const open = (row) => location.assign(`${row.querySelector("a").href}#resolve`);
