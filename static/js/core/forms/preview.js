/** What the words will look like, shown below them and hidden again by the same button. */

import { post } from "../http.js";
import { words } from "../words.js";

/** @param {HTMLFormElement} form */
export function preview(form) {
  const button = form.querySelector("[data-preview]");
  const section = form.querySelector(".preview");
  const status = form.querySelector("[data-status]");
  const show = (on) => {
    section.hidden = !on;
    button.setAttribute("aria-expanded", String(on));
    button.textContent = words(on ? "closePreview" : "preview");
  };
  show(!section.hidden);
  form.addEventListener("composer:sent", () => show(false));
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    status.textContent = "";
    if (!section.hidden) {
      show(false);
      return;
    }
    try {
      const { html } = await post("/preview", { body: form.elements.body.value });
      section.querySelector("[data-preview-body]").innerHTML = html;
      show(true);
    } catch {
      status.textContent = words("noPreview");
    }
  });
}
