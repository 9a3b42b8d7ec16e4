/** What is being written is kept by the forum, so that a closed tab costs nothing. */

import { post } from "./http.js";

const PAUSE_MS = 1500;
const AGAIN_MS = 10000;

/**
 * @param {HTMLFormElement} form with data-draft: where drafts of this form are kept
 * @returns {{save: () => Promise<void>, rest: () => Promise<void>, sent: () => void}}
 */
export function drafts(form) {
  const url = form.dataset.draft;
  let saved = JSON.stringify(written(form));
  let timer = 0;
  let saving = Promise.resolve();
  const isNew = () => JSON.stringify(written(form)) !== saved;
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  async function send(keepalive) {
    const words = written(form);
    try {
      await post(url, words, { keepalive });
      saved = JSON.stringify(words);
    } catch {
      later(AGAIN_MS);
    }
  }
  function save(keepalive = false) {
    clearTimeout(timer);
    if (isNew()) saving = send(keepalive);
    return saving;
  }
  if (url) {
    form.addEventListener("input", () => later(PAUSE_MS));
    // Whoever clicks on something else may be about to go there.
    form.addEventListener("change", () => save());
    window.addEventListener("pagehide", () => save(true));
    window.addEventListener("online", () => save());
    document.addEventListener("visibilitychange", () => document.hidden && save(true));
  }
  return {
    save: () => (url ? save() : saving),
    /** Stop saving and wait for what is under way, since what is sent next ends the draft. */
    rest() {
      clearTimeout(timer);
      return saving;
    },
    /** The words have been sent: what the form holds now is nothing new. */
    sent() {
      clearTimeout(timer);
      saved = JSON.stringify(written(form));
    },
  };
}

function written(form) {
  const words = { body: form.elements.body.value, content_note: form.elements.content_note.value };
  if (form.elements.title) words.title = form.elements.title.value;
  return words;
}
