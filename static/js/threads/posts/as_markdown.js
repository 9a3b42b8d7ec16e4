/** What is read on a page, as the Markdown that is read in the same way: forum/core/text/quote_as_markdown.py. */

import { backslashesBetween, doubled, outsideLiterals } from "./backslash_escapes.js";

const ADDRESS = /((?:https?:\/\/|www\.)\S+)/i;
const BLOCK = "P, UL, OL, PRE, HR, BLOCKQUOTE, H3, H4, H5, H6";
const APART = ":scope > P, :scope > PRE";
const HIGHEST = 3;

/** @param {Element} content what somebody wrote @returns {string} what they did not quote of it */
export function asMarkdown(content) {
  return blocksOf(content).join("\n\n");
}

/** @param {string} text plain words @returns {string} Markdown in which nothing has a meaning */
export function textAsMarkdown(text) {
  return escaped(text).split("\n").map(lineStart).join("\n");
}

/** The blocks of an element; the words between them are paragraphs. */
function blocksOf(element) {
  const blocks = [];
  let words = [];
  const paragraph = () => {
    blocks.push(lines(joined(words)));
    words = [];
  };
  for (const node of element.childNodes) {
    if (node.nodeType === Node.ELEMENT_NODE && node.matches(BLOCK)) {
      paragraph();
      blocks.push(blockAsMarkdown(node));
    } else words.push(inlineAsMarkdown(node));
  }
  paragraph();
  return blocks.filter(Boolean);
}

function blockAsMarkdown(part) {
  const name = part.tagName;
  if (name === "BLOCKQUOTE") return "";
  if (name === "PRE") return fenced(part.textContent);
  if (name === "HR") return "---";
  if (name === "UL" || name === "OL") return listAsMarkdown(part);
  const words = lines(insideOf(part));
  return name === "P" ? words : `${"#".repeat(name[1] - HIGHEST + 1)} ${words}`;
}

function listAsMarkdown(list) {
  let number = Number(list.getAttribute("start") || 1);
  return [...list.children].map((item) => {
    number = Number(item.getAttribute("value") || number);
    const mark = list.tagName === "OL" ? `${number}. ` : "- ";
    number += 1;
    const words = blocksOf(item).join(item.querySelector(APART) ? "\n\n" : "\n");
    return mark + words.replace(/\n(?=.)/g, `\n${" ".repeat(mark.length)}`);
  }).join("\n");
}

function inlineAsMarkdown(node) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.textContent);
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "CODE") return spanned(node.textContent);
  const inside = insideOf(node);
  return node.tagName === "A" ? linked(inside, node) : inside;
}

function insideOf(node) {
  return joined([...node.childNodes].map(inlineAsMarkdown));
}

/** Pieces as one; backslashes at the end of one take no sign of the next away. */
function joined(pieces) {
  const whole = pieces.filter(Boolean);
  return whole.map((piece, at) => (at ? backslashesBetween(whole[at - 1], piece) : "") + piece)
    .join("");
}

/** An address that stands for itself, and a name, are links again by themselves. */
function linked(words, link) {
  const address = link.getAttribute("href") || "";
  const found = ["", "http://", "mailto:"].some((start) => start + link.textContent === address);
  if (found || !/^(?:https?|mailto):/.test(address)) return words;
  if (/^(?:https?:\/\/|www\.)/i.test(link.textContent)) return words;
  const label = words.replace(/[\[\]]/g, "\\$&");
  return /[()]/.test(address) ? `[${label}](<${address}>)` : `[${label}](${address})`;
}

/** Signs that mean something inside a line; addresses stay as they are, to be links again. */
function escaped(text) {
  return text.split(ADDRESS).map((part, at) => (at % 2 ? part : outsideLiterals(part, plain))).join("");
}

function plain(words) {
  return doubled(words)
    .replace(/[`*]/g, "\\$&")
    .replace(/(?!(?<=[/(])_\/)(?:(?<![\p{L}\p{N}_])_(?!_)|(?<!_)_(?![\p{L}\p{N}_]))/gu, "\\_")
    .replace(/~(?=~)|(?<=~)~/g, "\\~")
    .replace(/\](?=\()/g, "\\]")
    .replace(/<(?=[a-z]|$)/gi, "\\<");
}

function lines(words) {
  return words.trim().split(/\n+/).map(lineStart).join("\n");
}

/** Signs that mean something where a line begins. */
function lineStart(line) {
  const words = line.trimStart();
  if (isRule(words)) return `\\${words}`;
  return words.replace(/^(?:#{1,6}(?=\s|$)|>|-(?=\s|$))/, "\\$&")
    .replace(/^(\d{1,9})\.(?=\s|$)/, "$1\\.");
}

function isRule(words) {
  const signs = words.replace(/\s+/g, "");
  return signs.length > 2 && ["-", "_"].some((sign) => signs === sign.repeat(signs.length));
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
