/** What was just done, and Undo where there is one: read out, and out of the way once one scrolls. */

import { token } from "../http.js";
import { words } from "../words.js";

const NEXT_PAGE = "confirmation";
const SCROLLS = ["wheel", "touchmove", "keydown"];

/**
 * Say what the forum has answered; a page that was loaded after an act says it by itself.
 * @param {{said?: string, undo?: {address: string, fields: Object<string, string>}}} answer
 */
export function confirmed({ said, undo }) {
  const place = document.querySelector("[data-confirmation]");
  if (!said || !place) return;
  place.querySelector("form")?.remove();
  place.classList.remove("is-passed");
  place.querySelector("[data-confirmed]").textContent = said;
  if (undo) place.append(undoForm(undo));
}

/**
 * Go to another page, which says what the forum has answered here.
 * @param {string} address @param {{said?: string, undo?: object}} answer
 */
export function confirmedOn(address, { said, undo }) {
  try {
    sessionStorage.setItem(NEXT_PAGE, JSON.stringify({ said, undo }));
  } catch {
    // A browser that keeps nothing shows the page, which says enough.
  }
  location.assign(address);
}

/** What is there when the page comes is often not read out, so it is written once more. */
export function readOut() {
  const place = document.querySelector("[data-confirmation]");
  const line = place?.querySelector("[data-confirmed]");
  if (!line) return;
  const pass = (event) => {
    if (!place.contains(event.target)) place.classList.add("is-passed");
  };
  for (const scroll of SCROLLS) addEventListener(scroll, pass, { passive: true });
  confirmed(fromLastPage());
  const said = line.textContent.trim();
  if (!said) return;
  line.textContent = "";
  requestAnimationFrame(() => { line.textContent = said; });
}

function fromLastPage() {
  try {
    const kept = sessionStorage.getItem(NEXT_PAGE);
    sessionStorage.removeItem(NEXT_PAGE);
    return JSON.parse(kept) || {};
  } catch {
    return {};
  }
}

function undoForm({ address, fields }) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  for (const [name, value] of Object.entries({ csrf_token: token(), ...fields })) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  const button = document.createElement("button");
  button.className = "linklike";
  button.textContent = words("undo");
  form.append(button);
  return form;
}
