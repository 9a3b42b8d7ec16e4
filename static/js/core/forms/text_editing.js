/** Changing what is in a text box as if it were typed: undo takes it back. */

const COMPOSING = 229; // what some browsers give for each key of an input method

/** @param {KeyboardEvent} event @returns {boolean} whether an input method is putting a word together */
export function isComposing(event) {
  return event.isComposing || event.keyCode === COMPOSING;
}

/**
 * Put words in the place of what is selected.
 * @param {HTMLTextAreaElement} field @param {string} words
 */
export function insertText(field, words) {
  field.focus({ preventScroll: true });
  // The one way that keeps the history of undo; where a browser has it no longer, words come all the same.
  if (document.execCommand(words ? "insertText" : "delete", false, words)) return;
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
