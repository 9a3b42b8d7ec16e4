/** What is being written is kept by the forum, so that a closed tab costs nothing. */

import { post, Refused } from "../../core/http.js";
import { unsaved } from "../../core/unsaved.js";

const PAUSE_MS = 1500;
const AGAIN_MS = 10000;

/**
 * What could not be kept there stays in this tab, and the writer is told why.
 * @param {HTMLFormElement} form with data-draft: where drafts of this form are kept
 * @param {(problem: Refused | null) => void} tell is given why drafts are not kept, or null
 * @returns {{save: () => Promise<void>, rest: () => Promise<void>, resume: () => void,
 *            sent: () => void}}
 */
export function drafts(form, tell) {
  const url = form.dataset.draft;
  const here = unsaved(form, written);
  let saved = JSON.stringify(written(form));
  const restored = here.restore();
  let timer = 0;
  let saving = Promise.resolve();
  let resting = false;
  const isNew = () => JSON.stringify(written(form)) !== saved;
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  async function send(keepalive) {
    const words = written(form);
    here.keep(saved);
    try {
      await post(url, words, { keepalive });
      saved = JSON.stringify(words);
      here.forget();
      tell(null);
    } catch (problem) {
      if (problem instanceof Refused) tell(problem);
      later(AGAIN_MS);
    }
  }
  function save(keepalive = false) {
    clearTimeout(timer);
    if (!resting && isNew()) saving = send(keepalive);
    return saving;
  }
  if (url) {
    form.addEventListener("input", () => later(PAUSE_MS));
    // Whoever clicks on something else may be about to go there.
    form.addEventListener("change", () => save());
    window.addEventListener("pagehide", () => save(true));
    window.addEventListener("online", () => save());
    document.addEventListener("visibilitychange", () => document.hidden && save(true));
    if (restored) later(PAUSE_MS);
  } else {
    window.addEventListener("pagehide", () => isNew() && here.keep(saved));
  }
  return {
    save: () => (url ? save() : saving),
    /**
     * Save nothing, and wait for what is under way: what is sent next ends the draft, and a draft
     * that came after it would bring the same words back.
     */
    rest() {
      clearTimeout(timer);
      resting = true;
      return saving;
    },
    /** The words could not be sent: go on saving them. */
    resume() {
      resting = false;
      if (url && isNew()) later(PAUSE_MS);
    },
    /** The words have been sent, and the draft has ended; what was typed since is new. */
    sent() {
      here.forget();
      const empty = Object.keys(written(form)).map((name) => [name, ""]);
      saved = JSON.stringify(Object.fromEntries(empty));
      this.resume();
    },
  };
}

function written(form) {
  const words = { body: form.elements.body.value, content_note: form.elements.content_note.value };
  if (form.elements.title) words.title = form.elements.title.value;
  return words;
}
