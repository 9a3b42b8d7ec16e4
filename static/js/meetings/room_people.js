/** Who is in the room and whose turn it is; only one's own turn is said aloud. */

/**
 * @param {HTMLElement} page the room
 * @param {(words: string) => void} say
 * @returns {(html: string, told: {hands: object[], speaker: ?object}) => void} shows what is new
 */
export function people(page, say) {
  const side = page.querySelector("[data-people]");
  const hand = page.querySelector("[data-hand]");
  const count = page.querySelector("[data-people-count]");
  const showCount = () => {
    count.textContent = side.querySelector(".room-count")?.textContent || "";
  };
  showCount();
  const me = page.dataset.viewerId;
  let mine = page.dataset.myTurn === "yes";
  return (html, { hands, speaker }) => {
    keepingFocus(side, () => { side.innerHTML = html; });
    showCount();
    const myTurn = speaker?.id === me;
    const up = myTurn || hands.some((one) => one.id === me);
    hand.setAttribute("aria-pressed", String(up));
    hand.value = up ? "0" : "1";
    page.dataset.myTurn = myTurn ? "yes" : "";
    page.dataset.next = !speaker && hands[0]?.id === me ? "yes" : "";
    if (myTurn !== mine) say(myTurn ? page.dataset.saysMyTurn : page.dataset.saysTurnOver);
    mine = myTurn;
  };
}

/** The list is replaced as a whole; what was open stays open, and the focus where it was. */
function keepingFocus(side, change) {
  const focused = side.contains(document.activeElement) && document.activeElement;
  const target = focused && (focused.getAttribute("formaction") || focused.ariaLabel);
  const open = [...side.querySelectorAll("details[open] > summary")].map((one) => one.ariaLabel);
  change();
  for (const summary of side.querySelectorAll("summary")) {
    if (open.includes(summary.ariaLabel)) summary.parentElement.open = true;
  }
  if (!target) return;
  const again = [...side.querySelectorAll("button, summary")].find(
    (one) => (one.getAttribute("formaction") || one.ariaLabel) === target);
  again?.focus({ preventScroll: true });
}
