/**
 * Words stay in this tab, for this account, until they are sent. A reload loses nothing then, not
 * even where another tab has written, too; closing the tab forgets what the forum has refused,
 * since others may use the same computer. What could not be sent, because the forum could not be
 * reached, stays on the device for a week, until it is sent, or until somebody logs out, leaves,
 * erases their account or logs in here as somebody else.
 */

import { account } from "../http.js";

const WEEK_MS = 7 * 24 * 3_600_000;
let leaving = false; // the page is about to go, and may no longer keep what was just forgotten

window.addEventListener("pageshow", (event) => {
  if (event.persisted) leaving = false;
});

/**
 * @param {HTMLFormElement} form
 * @param {(form: HTMLFormElement) => object} written returns the words that are in it
 * @returns {{keep: (known: string, saved?: boolean) => void, keepOnDevice: (known: string) => void,
 *            reached: () => void, forget: () => void, restore: () => boolean}}
 */
export function unsaved(form, written) {
  const key = `unsaved ${account()} ${new URL(form.action).pathname}`;
  const keyField = form.elements.idempotency_key;
  const version = form.elements.shown_version;
  const now = (known, saved) => (
    { known, saved, draft: heldDraft(form), version: version?.value, words: written(form) }
  );
  return {
    /**
     * @param {string} known what the forum has of these words, as JSON
     * @param {boolean} saved whether it has them all
     */
    keep(known, saved = false) {
      if (leaving) return;
      attempt(() => sessionStorage.setItem(key, JSON.stringify(now(known, saved))));
    },
    /** They may have been sent without an answer: with the same key they are there only once. */
    keepOnDevice(known) {
      if (leaving) return;
      const kept = { ...now(known, false), at: Date.now(), key: keyField?.value };
      attempt(() => localStorage.setItem(key, JSON.stringify(kept)));
    },
    /** The forum has the words, or has said why not. */
    reached() {
      attempt(() => localStorage.removeItem(key));
    },
    forget() {
      attempt(() => sessionStorage.removeItem(key));
      this.reached();
    },
    /** Put this tab's words back where the page has others. @returns {boolean} whether it did */
    restore() {
      const kept = attempt(() => JSON.parse(sessionStorage.getItem(key)))
        || attempt(() => JSON.parse(localStorage.getItem(key)));
      const shown = JSON.stringify(written(form));
      if (!kept || JSON.stringify(kept.words) === shown || !belongsHere(form, kept, shown)) {
        this.forget();
        return false;
      }
      if (kept.key && keyField) keyField.value = kept.key;
      // What others changed since is shown when these words are saved.
      if (version && kept.version) version.value = kept.version;
      for (const [name, words] of Object.entries(kept.words)) form.elements[name].value = words;
      holdDraft(form, kept.draft || {});
      return true;
    },
  };
}

/**
 * Whether kept words are still what this tab writes: the forum has not got them, or has them as a
 * draft beside the one that the page holds. One that was chosen by its address stays.
 */
function belongsHere(form, kept, now) {
  if (!form.dataset.draft) return kept.known === now || Boolean(kept.version);
  if (!kept.saved || !form.elements.draft) return true;
  const chosen = new URLSearchParams(location.search).has("draft");
  return !chosen && Boolean(form.querySelector(`[data-draft-key="${kept.draft?.draft}"]`));
}

const HELD = ["draft", "draft_version", "draft_writer"];

/** @returns {object} which draft a form holds, as its fields say; nothing where it has none */
export function heldDraft(form) {
  const fields = HELD.filter((name) => form.elements[name]);
  return Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
}

/** Let a form hold a draft. The page that writes it (`draft_writer`) stays this one. */
export function holdDraft(form, { draft, draft_version }) {
  if (!form.elements.draft || !draft) return;
  form.elements.draft.value = draft;
  form.elements.draft_version.value = draft_version;
}

/** Keep nothing of anybody here: a person who leaves on purpose leaves nothing behind. */
export function forgetAll() {
  leaving = true;
  for (const store of ["sessionStorage", "localStorage"]) forgetWhere(store, () => true);
}

/**
 * What somebody has not come back to in a week goes from the device, and what others wrote once
 * somebody else is logged in.
 */
export function forgetOld() {
  const mine = `unsaved ${account()} `;
  forgetWhere("localStorage", (words, key) => (account() && !key.startsWith(mine))
    || !(Date.now() - JSON.parse(words).at < WEEK_MS));
}

function forgetWhere(name, isOver) {
  attempt(() => {
    const store = window[name];
    for (const key of Object.keys(store)) {
      if (key.startsWith("unsaved ") && isOver(store.getItem(key), key)) store.removeItem(key);
    }
  });
}

/** Browsers can forbid storage, or have no room; then there is just no such copy. */
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
