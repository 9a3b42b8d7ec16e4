/** What is being written is kept by the forum: a closed tab costs nothing. */

import { post, Refused, Unreachable } from "../../core/http.js";
import { heldDraft, holdDraft, unsaved } from "../../core/forms/unsaved.js";

const PAUSE_MS = 1500;
const AGAIN_MS = 10000;

/**
 * What could not be kept there stays in this tab, and the writer reads why.
 * @param {HTMLFormElement} form with data-draft: where drafts of this form are kept
 * @param {(problem: Refused | null) => void} tell is given why drafts are not kept, or null
 * @param {() => void} tellOfAnother another tab or device has begun a draft here, too
 * @returns {{save: () => Promise<boolean>, rest: () => Promise<void>, resume: () => void,
 *            sent: () => void}} save says whether the forum has all words
 */
export function drafts(form, tell, tellOfAnother) {
  const url = form.dataset.draft;
  const here = unsaved(form, written);
  let saved = JSON.stringify(written(form));
  const restored = here.restore();
  let elsewhere = restored; // the page shows other drafts than those beside the words put back
  let timer = 0;
  let saving = Promise.resolve();
  let resting = false;
  let unreachable = false;
  const isNew = () => JSON.stringify(written(form)) !== saved;
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  async function send(keepalive) {
    const words = written(form);
    here.keep(saved);
    if (unreachable || !navigator.onLine) here.keepOnDevice(saved);
    try {
      const answer = await post(url, { ...words, ...heldDraft(form) }, { keepalive });
      saved = JSON.stringify(words);
      unreachable = false;
      here.reached();
      holdDraft(form, answer);
      here.keep(saved, !isNew());
      tell(null);
      if (showOthers(form, answer.others)) tellOfAnother();
    } catch (problem) {
      unreachable = problem instanceof Unreachable;
      if (unreachable) here.keepOnDevice(saved);
      else here.reached();
      if (problem instanceof Refused) tell(problem);
      later(AGAIN_MS);
    }
  }
  function save(keepalive = false) {
    clearTimeout(timer);
    if (!resting && (isNew() || elsewhere)) saving = send(keepalive);
    elsewhere = false;
    return saving;
  }
  if (url) {
    form.addEventListener("input", () => later(PAUSE_MS));
    // A click on something else may lead there.
    form.addEventListener("change", () => save());
    window.addEventListener("pagehide", () => save(true));
    window.addEventListener("online", () => save());
    document.addEventListener("visibilitychange", () => document.hidden && save(true));
    if (restored) later(0);
    forgetChoice();
  } else {
    window.addEventListener("pagehide", () => {
      if (!isNew()) return;
      here.keep(saved);
      if (!navigator.onLine) here.keepOnDevice(saved);
    });
  }
  return {
    async save() {
      if (url) await save();
      return !url || !isNew();
    },
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

/** Show drafts of other tabs and devices. @returns {boolean} whether the first one has come */
function showOthers(form, html) {
  const place = form.querySelector("[data-other-drafts]");
  if (!place || html === undefined) return false;
  const before = keys(place);
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  if (keys(fresh) === before) return false;
  place.replaceChildren(...fresh.children);
  return !before;
}

function keys(place) {
  return [...place.querySelectorAll("[data-draft-key]")].map((one) => one.dataset.draftKey).join();
}

/** A reload shows what this tab writes by then, not the draft that was once chosen. */
function forgetChoice() {
  const address = new URL(location.href);
  if (!address.searchParams.has("draft")) return;
  address.searchParams.delete("draft");
  history.replaceState(history.state, "", address);
}

function written(form) {
  const words = { body: form.elements.body.value, content_note: form.elements.content_note.value };
  if (form.elements.title) words.title = form.elements.title.value;
  return words;
}
