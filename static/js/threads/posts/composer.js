/**
 * Sending what was written. The idempotency key stays the same until the forum has answered, so a
 * reply is sent again after any failure of the network and still is there only once.
 */

import { drafts } from "../reader/drafts.js";
import { loggedOut } from "../../core/session_expired.js";
import { post, Unreachable } from "../../core/http.js";
import { mentions } from "./mentions.js";
import { preview } from "../../core/forms/preview.js";
import { clearProblems, showMeanwhile, showProblems } from "../../core/forms/form_errors.js";
import { isComposing } from "../../core/forms/text_editing.js";
import { keysHelp } from "../../core/keys_help.js";
import { toolbar } from "./toolbar.js";
import { writingNotes } from "../../safety/form_warnings.js";

const AGAIN_MS = 4000;
const LOGIN_NEEDED = 401;

/**
 * @param {HTMLFormElement} form
 * @param {{sent: (answer: object) => void, back?: (again: () => void) => () => void}} page
 *        `back` calls `again` when the connection has returned, and returns how to stop that
 * @returns {{save: () => Promise<void>}} saves the draft now
 */
export function composer(form, { sent, back = () => () => {} }) {
  const { body } = form.elements;
  const button = form.querySelector("[data-send]");
  const label = button.textContent;
  const status = form.querySelector("[data-status]");
  const draft = drafts(form, tellOfDraft, () => say(status.dataset.saysAnother));
  let sending = false;
  let leaving = false;
  let asked = false; // to send what was typed meanwhile, too
  if (form.dataset.handles) mentions(body, form.dataset.handles);
  preview(form);
  toolbar(form, body);
  keysHelp(form.querySelector("[data-keys]"), form.querySelector("[data-keys-button]"));
  writingNotes(form, body);
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || isComposing(event)) return;
    if (event.ctrlKey || event.metaKey) form.requestSubmit(button);
  });
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "preview" || leaving) return;
    if (event.submitter?.hasAttribute("formaction")) {
      event.preventDefault();
      await takeAnother(event.submitter);
      return;
    }
    event.preventDefault();
    asked = sending;
    if (sending) return;
    sending = true;
    busy(true);
    const fields = Object.fromEntries(new FormData(form));
    try {
      finish(await sendUntilAnswered(fields), fields);
    } catch (problem) {
      draft.resume();
      asked = false;
      button.textContent = label;
      if (problem.now) showMeanwhile(form, problem);
      else if (!showProblems(form, problem.fields || {})) say(...wordsOf(problem, button));
    } finally {
      sending = false;
      busy(false);
    }
    if (asked && body.value.trim()) form.requestSubmit(button);
  });

  async function takeAnother(choice) {
    if (!await draft.save()) {
      say(status.dataset.saysUnsaved);
      return;
    }
    await draft.rest();
    leaving = true;
    // Within the event of one submission, a browser takes no other.
    setTimeout(() => form.requestSubmit(choice));
  }
  async function sendUntilAnswered(fields) {
    for (;;) {
      await draft.rest();
      try {
        button.textContent = button.dataset.saysSending;
        return await post(form.action, fields, { keepalive: true });
      } catch (problem) {
        if (!(problem instanceof Unreachable)) throw problem;
        button.textContent = button.dataset.saysWaiting;
        draft.resume();
        await retryMoment(back);
      }
    }
  }
  function finish(answer, fields) {
    clearProblems(form);
    say("");
    body.value = typedSince(fields.body, body.value);
    if (form.elements.content_note.value === fields.content_note) {
      form.elements.content_note.value = "";
      form.querySelector(".note-field").open = false;
    }
    if (form.elements.title) form.elements.title.value = "";
    if (form.elements.idempotency_key) form.elements.idempotency_key.value = newKey();
    draft.sent();
    form.dispatchEvent(new Event("composer:sent"));
    sent(answer);
  }
  function busy(on) {
    button.setAttribute("aria-disabled", String(on));
    if (!on) button.textContent = label;
  }
  let told = "";
  function tellOfDraft(problem) {
    const code = problem?.code || "";
    if (code === told) return;
    told = code;
    say(...(problem ? wordsOf(problem, button) : []));
  }
  function say(...words) {
    status.replaceChildren(...words);
  }
  return draft;
}

/**
 * What somebody has typed into their words while these were being sent.
 * @param {string} sent with the line ends of a form @param {string} now @returns {string}
 */
function typedSince(sent, now) {
  const words = sent.replace(/\r\n/g, "\n");
  let same = 0;
  while (same < words.length && words[same] === now[same]) same += 1;
  const after = words.slice(same);
  return now.endsWith(after) ? now.slice(same, now.length - after.length).trimStart() : now;
}

/** What to tell of a refusal; a logged-out reader hears how to come back. */
function wordsOf(problem, button) {
  return problem.status === LOGIN_NEEDED ? loggedOut(button) : [problem.message];
}

/** Wait until it is worth trying again. */
function retryMoment(back) {
  return new Promise((again) => {
    const stop = back(done);
    const timer = setTimeout(done, AGAIN_MS);
    window.addEventListener("online", done, { once: true });
    function done() {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      stop();
      again();
    }
  });
}

/** crypto.randomUUID exists on HTTPS only, and a forum at home may not have that. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
