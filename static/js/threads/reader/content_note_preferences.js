/** What this reader wants of content notes by topic; the rule of forum/accounts/preferences/content_note_preferences.py.
 *  The page spells out which words each topic covers. */

const CAREFUL = ["open", "collapsed", "hidden"];
const NO_SPACES = new RegExp(["Thai", "Lao", "Tibetan", "Myanmar", "Khmer", "Han", "Hiragana",
  "Katakana", "New_Tai_Lue", "Tai_Le", "Tai_Tham", "Tai_Viet", "Balinese", "Javanese"]
  .map((script) => `\\p{Script=${script}}`).join("|"), "u");
const FROM_RIGHT = /[\u05d0-\u05ea\u0620-\u06d3]/;
const PREFIX = /^(?=.)(?:[وف]?(?:ال|بال|كال|لل|[بكل])?|ו?(?:ל?כש|מש|ש)?(?:מה|[הבכלמ])?)$/;

/**
 * @param {HTMLElement} list of posts or messages, with data-note-choices: "choice:word", one a line,
 *        and the words of what is left out
 * @returns {(item: HTMLElement) => void} shows the content note of one as its reader wants it
 */
export function noteChoices(list) {
  const lines = (list.dataset.noteChoices || "").split("\n").filter(Boolean);
  const choices = new Map(lines.map((line) => {
    const end = line.indexOf(":");
    return [line.slice(end + 1), line.slice(0, end)];
  }));
  const mustSee = list.dataset.role === "moderator";
  if (!choices.size) return () => {};
  return (item) => {
    const details = item.querySelector("[data-content-note]");
    const choice = details ? choiceFor(details.dataset.contentNote, choices, mustSee) : "";
    if (choice === (item.dataset.noteChoice || "")) return;
    item.querySelector("[data-note-gap]")?.remove();
    if (choice) item.dataset.noteChoice = choice;
    else delete item.dataset.noteChoice;
    if (choice === "open") details.open = true;
    if (choice === "hidden") item.prepend(gap(list));
  };
}

/** @param {string} note @param {Map<string, string>} choices @param {boolean} mustSee */
export function choiceFor(note, choices, mustSee) {
  const words = ` ${folded(note)} `;
  const wanted = [...choices].filter(([word]) => word && standsIn(word, words))
    .map(([, choice]) => CAREFUL.indexOf(choice));
  const choice = wanted.length ? CAREFUL[Math.max(...wanted)] : choices.get("") || "collapsed";
  return mustSee && choice === "hidden" ? "collapsed" : choice;
}

/**
 * A word is in a note as a whole, or anywhere where words have no spaces between them; what is
 * written on to a word in Korean, Arabic or Hebrew is no part of it.
 */
function standsIn(word, note) {
  return note.includes(` ${word} `) || (NO_SPACES.test(word) && note.includes(word))
    || (/[\uac00-\ud7a3]$/.test(word) && note.includes(` ${word}`))
    || (FROM_RIGHT.test(word) && standsBehindPrefixes(word.split(" "), note.trim().split(" ")));
}

function standsBehindPrefixes(phrase, note) {
  return note.some((_, at) => phrase.every((word, nth) => mayBe(note[at + nth] || "", word)));
}

/** Whether a word as it is written may be this one: the rule of forum/core/text/alphabets/prefixes.py. */
function mayBe(written, word) {
  if (written === word) return true;
  const prefix = written.endsWith(word) ? written.slice(0, -word.length) : "";
  const least = /(?:[ال]ل|ה)$/.test(prefix) ? 2 : 3;
  if (PREFIX.test(prefix) && word.length >= least) return true;
  const bare = word.startsWith("ال") ? word.slice(2) : "";
  return Boolean(bare) && [`لل${bare}`, `ولل${bare}`, `فلل${bare}`].includes(written);
}

function folded(words) {
  return words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
}

function gap(list) {
  const line = document.createElement("p");
  line.className = "post-gap";
  line.dataset.noteGap = "";
  const link = document.createElement("a");
  link.href = "/account/content-notes";
  link.textContent = list.dataset.saysChoice;
  line.append(list.dataset.saysGap, " ", link);
  return line;
}
