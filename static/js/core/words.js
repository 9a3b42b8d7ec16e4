/** The words of scripts that every page has, in its language: templates/core/_script_words.html. */

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
