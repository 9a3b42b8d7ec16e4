/** @handle completed from the group's members: a text box with a list of suggestions. */

import { insertText, isComposing } from "../../core/forms/text_editing.js";

// What a handle can be made of: letters of all alphabets with their marks, joiners, Tibetan dots.
// Words of these scripts may touch the name behind them.
const TOUCHING = ["Han", "Hira", "Kana", "Hang", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"]
  .map((script) => `\\p{sc=${script}}`).join("");
const NAMING = new RegExp(`(?:^|[${TOUCHING}]|[^\\p{L}\\p{M}\\p{N}_@/.:-])` +
  "@([\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}\\u200c\\u200d\\u0f0b_-]{0,59})$", "u");
const PAUSE_MS = 120;

/** @param {HTMLTextAreaElement} field @param {string} url answers ?q= with {"handles": […]} */
export function mentions(field, url) {
  const list = makeList(field);
  let handles = [];
  let chosen = 0;
  let asked = 0;
  let timer = 0;

  const close = () => {
    handles = [];
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    list.replaceChildren(...handles.map((handle, index) => option(list, handle, index === chosen)));
    list.hidden = handles.length === 0;
    if (list.hidden) close();
    else field.setAttribute("aria-activedescendant", list.children[chosen].id);
  };
  const look = async () => {
    const started = (asked += 1);
    const name = beingNamed(field);
    if (!name) return close();
    const found = await fetch(`${url}?q=${encodeURIComponent(name)}`, {
      headers: { Accept: "application/json" },
    }).then((answer) => answer.json()).catch(() => ({}));
    if (started !== asked || beingNamed(field) !== name) return;
    handles = (found.handles || []).slice(0, 8);
    chosen = 0;
    show();
  };
  const take = (handle) => {
    const end = field.selectionStart;
    const start = end - beingNamed(field).length;
    field.setSelectionRange(start, end);
    insertText(field, `${handle} `);
    close();
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    if (event.target.dataset.handle) take(event.target.dataset.handle);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey || isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      chosen = (chosen + step + handles.length) % handles.length;
      show();
    } else if (event.key === "Enter" || event.key === "Tab") take(handles[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** @returns {string} what is between the last @ and the cursor, if that may be a name */
function beingNamed(field) {
  return NAMING.exec(field.value.slice(0, field.selectionStart))?.[1] || "";
}

function makeList(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}-names`;
  list.className = "names";
  list.role = "listbox";
  list.ariaLabel = field.dataset.saysMembers;
  list.hidden = true;
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  return list;
}

function option(list, handle, isChosen) {
  const item = document.createElement("li");
  item.id = `${list.id}-${handle}`;
  item.role = "option";
  item.ariaSelected = String(isChosen);
  item.dataset.handle = handle;
  item.textContent = handle;
  return item;
}
