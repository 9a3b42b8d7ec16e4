/** Taking somebody's words along into one's own reply. */

import { asMarkdown, textAsMarkdown } from "./as_markdown.js";

const MOST = 600;
const NOT_A_PARAGRAPH = /^(?:- |#{1,4} |\d{1,9}\. |```|---$)/;

/** @param {HTMLElement} list the posts @param {HTMLFormElement} form where one replies */
export function quotes(list, form) {
  const { body } = form.elements;
  list.addEventListener("click", (event) => {
    const link = event.target.closest(".post-reply");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const post = link.closest(".post");
    keepNote(form, post.querySelector(".post-note")?.dataset.contentNote);
    insert(body, quoted(post.querySelector(".post-author").textContent.trim(), wordsOf(post)));
    body.scrollIntoView({ block: "center" });
    body.focus({ preventScroll: true });
  });
}

/** What is selected in the post, or else what it says without what it quotes. */
function wordsOf(post) {
  const content = post.querySelector(".post-body");
  const selection = document.getSelection();
  const chosen = content.contains(selection.anchorNode) && selection.toString().trim();
  if (chosen) return textAsMarkdown(chosen);
  return asMarkdown(content);
}

/** Words that stood behind a content note stay behind it when they are quoted. */
function keepNote(form, note) {
  const field = form.elements.content_note;
  if (!note || field.value.trim()) return;
  field.value = note;
  field.closest("details").open = true;
}

function quoted(author, words) {
  const known = author && !author.includes(" ");
  const lines = [`${known ? `@${author}` : "Someone"} wrote:`, ...(NOT_A_PARAGRAPH.test(words) ? [""] : [])];
  return [...lines, ...cut(words).split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n");
}

function cut(words) {
  const signs = [...words]; // not halves of emoji
  return signs.length <= MOST ? words
    : `${signs.slice(0, MOST).join("").trimEnd().replace(/\\$/, "")}…`;
}

function insert(body, text) {
  const before = body.value.slice(0, body.selectionStart).trimEnd();
  const after = body.value.slice(body.selectionEnd).trimStart();
  const start = (before ? `${before}\n\n` : "") + `${text}\n\n`;
  body.value = start + after;
  body.setSelectionRange(start.length, start.length);
  body.dispatchEvent(new Event("input", { bubbles: true }));
}
