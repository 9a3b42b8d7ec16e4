/** The list of keys: by its button, and by ? while nothing is being written, unless that is off. */

const STORED = "keys-help";
const WRITING = "input, textarea, select, [contenteditable]";

/** @param {HTMLDialogElement} dialog @param {HTMLButtonElement} button */
export function keysHelp(dialog, button) {
  const choice = dialog.querySelector("[data-keys-choice]");
  choice.checked = stored() !== "off";
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(STORED, choice.checked ? "on" : "off");
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  });
  button.addEventListener("click", () => dialog.showModal());
  dialog.querySelector("[data-keys-close]").addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!choice.checked || dialog.open || event.target.matches?.(WRITING)) return;
    event.preventDefault();
    dialog.showModal();
  });
}

function stored() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
