/**
 * Notes beside an editor, for the writer alone: asked of the forum when the writing pauses. They
 * never hold anything back, and what the writer has closed stays closed until these words are sent.
 */

import { post } from "../core/http.js";

const PAUSE_MS = 900;
const HELP = "danger";

/**
 * @param {HTMLFormElement} form with [data-writing-notes]
 * @param {HTMLTextAreaElement} field what is looked at, with the title where the form has one
 */
export function writingNotes(form, field) {
  const fields = [form.elements.title, field].filter(Boolean);
  const written = () => fields.map((one) => one.value).filter(Boolean).join("\n");
  const place = form.querySelector("[data-writing-notes]");
  const closed = new Set();
  let timer = 0;
  let asked = 0;
  let looked = written();
  let sending = "";

  form.elements.ask_first.value = "0";
  letClose(place, closed);
  for (const one of fields) {
    one.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => look(written()), PAUSE_MS);
    });
  }
  form.addEventListener("submit", () => {
    sending = written();
  });
  form.addEventListener("composer:sent", () => {
    clearTimeout(timer);
    closed.clear();
    look(sending, (kind) => kind === HELP);
  });

  async function look(words, wanted = () => true) {
    if (words === looked && !sending) return;
    looked = words;
    sending = "";
    const turn = (asked += 1);
    const { html } = words.trim() ? await post("/writing-check", { words }).catch(unchecked)
      : { html: "" };
    if (turn === asked && html !== undefined) show(html, wanted);
  }

  function show(html, wanted) {
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    for (const note of fresh.querySelectorAll("[data-note]")) {
      if (closed.has(note.dataset.note) || !wanted(note.dataset.note)) note.remove();
    }
    if (kinds(fresh) === kinds(place)) return;
    place.replaceChildren(...fresh.children);
    letClose(place, closed);
    // Not below the edge of the screen, nor under a bar there.
    if (form.contains(document.activeElement)) place.scrollIntoView({ block: "nearest" });
  }
}

/** Nobody has looked at the words, so help is offered whatever they say. */
function unchecked() {
  return {
    html: '<p class="writing-note note-help" data-note="unchecked">If you’re thinking of ending your '
      + 'life, or of hurting yourself: <a href="/help-now">get help now</a></p>',
  };
}

function kinds(place) {
  return [...place.querySelectorAll("[data-note]")].map((note) => note.dataset.note).join();
}

function letClose(place, closed) {
  for (const button of place.querySelectorAll("[data-dismiss]")) {
    button.hidden = false;
    button.onclick = () => {
      const note = button.closest("[data-note]");
      closed.add(note.dataset.note);
      note.remove();
    };
  }
}
