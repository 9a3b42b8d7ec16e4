/** Threads like the title that is being written: asked for when it rests, and never in the way. */

import { post } from "../core/http.js";

const RESTS_MS = 700;

/** @param {HTMLFormElement} form */
export function similarThreads(form) {
  const shown = form.querySelector("[data-similar]");
  const title = form.elements.title;
  if (!shown || !title) return;
  let timer = 0;
  let asked = title.value.trim();
  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, RESTS_MS);
  });

  async function ask() {
    const wanted = title.value.trim();
    if (wanted === asked) return;
    asked = wanted;
    try {
      const answer = await post(shown.dataset.similar, { title: wanted });
      if (wanted === asked && shown.innerHTML !== answer.html) shown.innerHTML = answer.html;
    } catch {
      // Without an answer there is nothing to show.
    }
  }
}
