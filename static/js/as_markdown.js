/** What is read on a page, written as the Markdown that is read in the same way. */

const ADDRESS = /((?:https?:\/\/|www\.)\S+)/i;
const RULE = /^([-_])(?:[ \t]*\1){2,}[ \t]*$/;
const BLOCK = "P, LI, UL, OL, BLOCKQUOTE, H3, H4, H5, H6";

/** @param {Element} part a block of a post @returns {string} its words; code stays code */
export function blockAsMarkdown(part) {
  if (part.tagName === "PRE") return fenced(part.textContent);
  const inline = [...part.childNodes].map(inlineAsMarkdown).join("");
  return inline.replace(/\n{2,}/g, "\n").trim().split("\n").map(lineStart).join("\n");
}

/** @param {string} text plain words @returns {string} Markdown in which nothing has a meaning */
export function textAsMarkdown(text) {
  return escaped(text).split("\n").map(lineStart).join("\n");
}

function inlineAsMarkdown(node) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.textContent);
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "PRE") return escaped(node.textContent);
  if (node.tagName === "CODE") return spanned(node.textContent);
  const inside = [...node.childNodes].map(inlineAsMarkdown).join("");
  return node.matches(BLOCK) ? `\n${inside}\n` : inside;
}

/** Signs that mean something inside a line; addresses stay as they are, to be links again. */
function escaped(text) {
  return text.split(ADDRESS).map((part, at) => (at % 2 ? part : part
    .replace(/\\(?=[!-/:-@[-`{-~]|$)/gm, "\\\\")
    .replace(/[`*]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}_])_(?!_)|(?<!_)_(?![\p{L}\p{N}_])/gu, "\\_")
    .replace(/~(?=~)|(?<=~)~/g, "\\~")
    .replace(/\](?=\()/g, "\\]")
    .replace(/<(?=[a-z]|$)/gi, "\\<"))).join("");
}

/** Signs that mean something where a line begins. */
function lineStart(line) {
  const words = line.trimStart();
  if (RULE.test(words)) return `\\${words}`;
  return words.replace(/^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$))/, "\\$&")
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

function spanned(text) {
  const marks = "`".repeat(longestRun(text, 0) + 1);
  const space = /^`|`$/.test(text) ? " " : "";
  return marks + space + text + space + marks;
}

function fenced(text) {
  const marks = "`".repeat(longestRun(text, 2) + 1);
  return `${marks}\n${text.replace(/\n$/, "")}\n${marks}`;
}

function longestRun(text, least) {
  return Math.max(least, ...(text.match(/`+/g) || []).map((run) => run.length));
}
