/** Words of scripts in the page's language: of every page (templates/core/_script_words.html), or of an element. */

const VALUE = /%\((\w+)\)s/;

/**
 * @param {string} name of one of these words, as in `data-` with a capital for each hyphen
 * @param {Object<string, string | Node>} values of what it calls `%(name)s`
 * @returns {(string | Node)[]} for `replaceChildren` and `append`
 */
export function wordsWith(name, values) {
  const words = document.getElementById("script-words")?.dataset[name] ?? "";
  return words.split(VALUE).map((part, at) => (at % 2 ? values[part] : part));
}

/** @returns {string} the same as one text */
export function words(name, values = {}) {
  return wordsWith(name, values).join("");
}

/** Put values in the place of "%(name)s". @param {string} text @param {Object<string, unknown>} values */
export function filled(text, values) {
  return text.replaceAll(new RegExp(VALUE, "g"), (_, name) => String(values[name]));
}

/**
 * Say a number of things in the words of an element: data-says-one, data-says-other.
 * @param {HTMLElement} element @param {number} count @returns {string}
 */
export function counted(element, count) {
  const form = new Intl.PluralRules(document.documentElement.lang).select(count);
  const key = `says${form[0].toUpperCase()}${form.slice(1)}`;
  return filled(element.dataset[key] ?? element.dataset.saysOther, { count });
}
