/** Forms and buttons of a live page that act without reloading it; what follows arrives live. */

import { confirmed } from "./confirmation.js";
import { post, Unreachable } from "../http.js";
import { clearProblems, showProblems } from "./form_errors.js";
import { loggedOut } from "../session_expired.js";
import { words } from "../words.js";

const LOGIN_NEEDED = 401;

/**
 * @param {HTMLElement} page its forms with data-quiet, and its buttons of the form "act"
 * @param {(...content: (string | Node)[]) => void} notice
 */
export function quietly(page, notice) {
  const send = async (url, fields, form) => {
    try {
      const answer = await post(url, fields);
      confirmed(answer);
      if (form) clearProblems(form);
      if (form?.hasAttribute("data-clears")) form.reset();
    } catch (problem) {
      if (form && showProblems(form, problem.fields || {})) return;
      if (problem.status === LOGIN_NEEDED) notice(...loggedOut(form?.querySelector("button")));
      else notice(problem instanceof Unreachable ? words("notSent") : problem.message);
    }
  };
  page.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-quiet]");
    if (!form) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    const { submitter } = event;
    if (submitter?.name) fields[submitter.name] = submitter.value;
    send(form.action, fields, form);
  });
  page.addEventListener("click", (event) => {
    const button = event.target.closest('button[form="page-action"]');
    if (!button) return;
    event.preventDefault();
    const fields = button.name ? { [button.name]: button.value } : {};
    send(button.getAttribute("formaction"), fields, null);
  });
}
