/** Buttons and keys that write Markdown around what is selected. */

import { insertText, isComposing } from "../../core/forms/text_editing.js";

const KEYS = { KeyB: "bold", KeyK: "link" };
const KEYS_WITH_SHIFT = { Digit8: "list", Digit9: "quote" };
const ADDRESS = "https://";
const FORMATS = {
  bold: (field) => wrap(field, "**"),
  list: (field) => startLines(field, "- "),
  quote: (field) => startLines(field, "> "),
  link,
};

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} field
 */
export function toolbar(form, field) {
  const bar = form.querySelector("[data-toolbar]");
  const buttons = [...bar.querySelectorAll("button")];
  const toggle = form.querySelector("[data-toolbar-toggle]");
  bar.hidden = false;
  oneStop(bar, buttons);
  for (const button of bar.querySelectorAll("[data-format]")) {
    // A press takes the focus, and with it a phone's keyboard, from the text.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => FORMATS[button.dataset.format](field));
  }
  field.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isComposing(event)) return;
    const format = (event.shiftKey ? KEYS_WITH_SHIFT : KEYS)[event.code];
    if (!format) return;
    event.preventDefault();
    FORMATS[format](field);
  });
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const open = bar.toggleAttribute("data-open");
      toggle.setAttribute("aria-expanded", String(open));
    });
  }
  noteButton(form, bar.querySelector("[data-note-button]"));
}

/** The keyboard stops once at the bar, and goes on in it by the arrow keys. */
function oneStop(bar, buttons) {
  const stop = (chosen) => {
    for (const button of buttons) button.tabIndex = button === chosen ? 0 : -1;
  };
  stop(buttons[0]);
  bar.addEventListener("focusin", ({ target }) => buttons.includes(target) && stop(target));
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const forward = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });
}

/** Opens the content note's field, and closes it again while it is empty. */
function noteButton(form, button) {
  const details = form.querySelector(".note-field");
  const input = form.elements.content_note;
  const show = () => button.setAttribute("aria-expanded", String(details.open));
  form.classList.add("has-toolbar");
  show();
  details.addEventListener("toggle", show);
  button.addEventListener("click", () => {
    details.open = !details.open || Boolean(input.value);
    if (details.open) input.focus();
  });
}

function wrap(field, mark) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const chosen = value.slice(start, end);
  const words = chosen.trim();
  const from = start + chosen.indexOf(words);
  const outside = value.slice(from - mark.length, from) === mark
    && value.startsWith(mark, from + words.length);
  if (outside) {
    replace(field, from - mark.length, from + words.length + mark.length, words, 0, words.length);
  } else {
    replace(field, from, from + words.length, mark + words + mark, mark.length, words.length);
  }
}

/** Begin each chosen line with a sign, or take the sign away where all of them have it. */
function startLines(field, sign) {
  const { value, selectionStart, selectionEnd } = field;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const after = value.indexOf("\n", selectionEnd);
  const end = after < 0 ? value.length : after;
  const lines = value.slice(start, end).split("\n");
  const all = lines.every((line) => line.startsWith(sign));
  const changed = lines.map((line) => (all ? line.slice(sign.length) : sign + line)).join("\n");
  const several = lines.length > 1;
  replace(field, start, end, changed, several ? 0 : changed.length, several ? changed.length : 0);
}

/** A chosen address asks for its words, and chosen words ask for their address. */
function link(field) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const words = value.slice(start, end).trim();
  if (/^https?:\/\/\S+$/.test(words)) replace(field, start, end, `[](${words})`, 1, 0);
  else replace(field, start, end, `[${words}](${ADDRESS})`, words ? words.length + 3 : 1,
    words ? ADDRESS.length : 0);
}

/** Put words in the place of others, and choose some of them. */
function replace(field, start, end, words, chosenFrom, chosen) {
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  insertText(field, words);
  field.setSelectionRange(start + chosenFrom, start + chosenFrom + chosen);
}
