/** Messages of a refusal, each next to its field, as the server would have rendered them. */

import { words } from "../words.js";

/**
 * Show what needs another look. @param {HTMLFormElement} form
 * @param {Object<string, string>} fields field name to message
 * @returns {boolean} whether any of the fields is on this form
 */
export function showProblems(form, fields) {
  clearProblems(form);
  const known = Object.entries(fields).filter(([name]) => form.elements[name]?.labels);
  for (const [name, message] of known) showOne(form.elements[name], message);
  const first = known.length && form.elements[known[0][0]];
  if (first) {
    first.closest("details")?.setAttribute("open", "");
    first.focus();
  }
  return known.length > 0;
}

/**
 * Show what it says now, where somebody has changed it meanwhile; saved again, it is replaced.
 * @param {HTMLFormElement} form @param {{message: string, now: Object<string, string>, version: string}} problem
 */
export function showMeanwhile(form, { message, now, version }) {
  clearProblems(form);
  form.elements.shown_version.value = version;
  const box = document.createElement("div");
  box.className = "problems";
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  box.append(line("p", message));
  for (const [label, said] of Object.entries(now)) {
    const quote = line("blockquote", said || words("empty"));
    quote.className = "as-typed";
    quote.dir = "auto";
    box.append(line("p", words("now", { label })), quote);
  }
  form.prepend(box);
  box.focus();
}

function line(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** Take all messages away. @param {HTMLFormElement} form */
export function clearProblems(form) {
  for (const message of form.querySelectorAll(".problems, .error[id]")) message.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    describe(field, (ids) => ids.filter((id) => !id.endsWith("-error")));
  }
}

function showOne(field, message) {
  const line = document.createElement("p");
  line.className = "error";
  line.id = `${field.id}-error`;
  line.textContent = message;
  field.after(line);
  field.setAttribute("aria-invalid", "true");
  describe(field, (ids) => [...ids, line.id]);
}

function describe(field, change) {
  const ids = change((field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}
