/**
 * Words that the forum has not kept stay in this tab, for this account, until it has. A reload
 * loses nothing then; closing the tab does, since others may use the same computer.
 */

import { account } from "./http.js";

/**
 * @param {HTMLFormElement} form
 * @param {(form: HTMLFormElement) => object} written returns the words that are in it
 * @returns {{keep: (known: string) => void, forget: () => void, restore: () => boolean}}
 */
export function unsaved(form, written) {
  const key = `unsaved ${account()} ${new URL(form.action).pathname}`;
  return {
    /** @param {string} known what the forum has of these words, as JSON */
    keep(known) {
      attempt(() => sessionStorage.setItem(key, JSON.stringify({ known, words: written(form) })));
    },
    forget() {
      attempt(() => sessionStorage.removeItem(key));
    },
    /** Put kept words back, unless the forum has newer ones. @returns {boolean} whether it did */
    restore() {
      const kept = attempt(() => JSON.parse(sessionStorage.getItem(key)));
      const now = JSON.stringify(written(form));
      if (!kept || kept.known !== now || JSON.stringify(kept.words) === now) {
        attempt(() => sessionStorage.removeItem(key));
        return false;
      }
      for (const [name, words] of Object.entries(kept.words)) form.elements[name].value = words;
      return true;
    },
  };
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
