/**
 * Words stay in this tab, for this account, until they are sent. A reload loses nothing then, not
 * even where another tab has written, too; closing the tab forgets what the forum has not kept,
 * since others may use the same computer.
 */

import { account } from "./http.js";

/**
 * @param {HTMLFormElement} form
 * @param {(form: HTMLFormElement) => object} written returns the words that are in it
 * @returns {{keep: (known: string, saved?: boolean) => void, forget: () => void,
 *            restore: () => boolean}}
 */
export function unsaved(form, written) {
  const key = `unsaved ${account()} ${new URL(form.action).pathname}`;
  return {
    /**
     * @param {string} known what the forum has of these words, as JSON
     * @param {boolean} saved whether it has them all
     */
    keep(known, saved = false) {
      const kept = { known, saved, draft: heldDraft(form), words: written(form) };
      attempt(() => sessionStorage.setItem(key, JSON.stringify(kept)));
    },
    forget() {
      attempt(() => sessionStorage.removeItem(key));
    },
    /** Put this tab's words back where the page has others. @returns {boolean} whether it did */
    restore() {
      const kept = attempt(() => JSON.parse(sessionStorage.getItem(key)));
      const now = JSON.stringify(written(form));
      if (!kept || JSON.stringify(kept.words) === now || !belongsHere(form, kept, now)) {
        attempt(() => sessionStorage.removeItem(key));
        return false;
      }
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
  if (!form.dataset.draft) return kept.known === now;
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

/** Keep nothing of anybody in this tab: whoever leaves on purpose leaves nothing behind. */
export function forgetAll() {
  attempt(() => {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("unsaved ")) sessionStorage.removeItem(key);
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
