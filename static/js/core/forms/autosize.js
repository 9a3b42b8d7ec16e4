/** Text boxes grow with what is in them, up to the height that the style sheet allows. */

const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");
const grown = new WeakSet();

/** @param {Document} root */
export function growWithText(root) {
  for (const field of root.querySelectorAll("textarea:not([readonly])")) grow(field);
  // One that was out of sight has its height only now.
  root.addEventListener("focusin", ({ target }) => target.matches("textarea") && grow(target));
  if (!GROWS_BY_ITSELF) {
    root.addEventListener("input", ({ target }) => target.matches("textarea") && fit(target));
  }
}

/** Its rows are the least that it has. */
function grow(field) {
  if (!field.offsetHeight || grown.has(field)) return;
  grown.add(field);
  field.style.minBlockSize = `${field.offsetHeight}px`;
  if (GROWS_BY_ITSELF) field.style.fieldSizing = "content";
  else fit(field);
}

function fit(field) {
  const { scrollY } = window;
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  window.scrollTo({ top: scrollY, behavior: "instant" });
}
