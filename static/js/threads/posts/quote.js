/** Taking somebody's words along into one's own reply. */

import { insertText } from "../../core/forms/text_editing.js";
import { filled } from "../../core/words.js";
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
    link.closest("details").open = false;
    const post = link.closest(".post");
    keepNote(form, post.querySelector(".post-note")?.dataset.contentNote);
    const words = wordsOf(post); // before the focus leaves what is selected
    insert(body, quoted(list, post.querySelector(".post-author").textContent.trim(), words));
    body.scrollIntoView({ block: "center" });
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

function quoted(list, author, words) {
  const known = author && !author.includes(" ");
  const { saysQuoted, saysSomeone } = list.dataset;
  const introduction = known ? filled(saysQuoted, { name: `@${author}` }) : saysSomeone;
  const lines = [introduction, ...(NOT_A_PARAGRAPH.test(words) ? [""] : [])];
  return [...lines, ...cut(words).split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n");
}

function cut(words) {
  const signs = [...words]; // not halves of emoji
  return signs.length <= MOST ? words
    : `${signs.slice(0, MOST).join("").trimEnd().replace(/\\$/, "")}…`;
}

function insert(body, text) {
  const before = body.value.slice(0, body.selectionStart).trimEnd();
  const after = body.value.slice(body.selectionEnd);
  body.setSelectionRange(before.length, body.value.length - after.trimStart().length);
  insertText(body, `${before && "\n\n"}${text}\n\n`);
}
