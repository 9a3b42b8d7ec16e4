/** The search box by its key, / , while nothing is being written, unless that is switched off. */

const STORED = "search-key";
const WRITING = "input, textarea, select, [contenteditable]";

export function searchKey() {
  const choice = document.querySelector("[data-search-key]");
  if (choice) {
    choice.checked = isOn();
    choice.addEventListener("change", () => store(choice.checked));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!isOn() || event.target.matches?.(WRITING) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const box = document.querySelector("#q") || visible(document.querySelector("[data-search-box]"));
    if (!box) {
      location.assign("/search");
      return;
    }
    box.focus();
    box.select();
  });
}

function visible(box) {
  return box?.offsetParent ? box : null;
}

function isOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return false; // Without a way to switch it off, it is off.
  }
}

function store(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing has no key.
  }
}
