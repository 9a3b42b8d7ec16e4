/** Reactions, bookmarks, hiding: shown at once, taken back kindly when the forum says no. */

import { confirmed } from "../../core/forms/confirmation.js";
import { post, Unreachable } from "../../core/http.js";

/**
 * @param {import("./posts.js").Posts} posts
 * @param {(message: string) => void} notice
 */
export function reactions(posts, notice) {
  const tabs = new BroadcastChannel("reactions");
  tabs.addEventListener("message", ({ data }) => {
    const item = posts.find(data.id)?.closest("li");
    if (item) setState(posts, item, data);
  });
  posts.list.addEventListener("click", async (event) => {
    const button = event.target.closest('button[form="page-action"]');
    if (!button || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const item = button.closest("li");
    const work = { react, bookmark }[button.classList[0]] || moderate;
    try {
      await work(posts, item, button);
      tabs.postMessage(stateOf(item));
    } catch (problem) {
      notice(problem instanceof Unreachable ? posts.list.dataset.saysOffline : problem.message);
    }
  });
}

/** One after the other for each post, so quick changes of mind arrive in their order. */
const queues = new WeakMap();

async function react(posts, item, button) {
  const kind = button.value;
  const on = toggle(posts, item, kind);
  const undoCount = addToCount(item, kind, on ? 1 : -1);
  const url = button.getAttribute("formaction");
  const sent = (queues.get(item) || Promise.resolve()).then(
    () => post(url, { kind, on: on ? 1 : 0 }));
  queues.set(item, sent.catch(() => {}));
  try {
    const answer = await sent;
    if (answer.html) posts.show(answer.html);
  } catch (problem) {
    toggle(posts, item, kind);
    undoCount();
    throw problem;
  }
}

async function bookmark(posts, item, button) {
  const on = !item.hasAttribute("data-bookmarked");
  confirmed(await post(button.getAttribute("formaction"), { on: on ? 1 : 0 }));
  setState(posts, item, { bookmarked: on });
}

async function moderate(posts, _item, button) {
  const answer = await post(button.getAttribute("formaction"), {});
  confirmed(answer);
  if (answer.html) posts.show(answer.html);
}

function toggle(posts, item, kind) {
  const mine = new Set(item.dataset.mine.split(" ").filter(Boolean));
  const on = !mine.delete(kind);
  if (on) mine.add(kind);
  setState(posts, item, { mine: [...mine].join(" ") });
  return on;
}

function stateOf(item) {
  return {
    id: item.querySelector(".post").dataset.postId,
    mine: item.dataset.mine,
    bookmarked: item.hasAttribute("data-bookmarked"),
  };
}

function setState(posts, item, { mine, bookmarked }) {
  if (mine !== undefined) item.dataset.mine = mine;
  if (bookmarked !== undefined) item.toggleAttribute("data-bookmarked", bookmarked);
  posts.mark(item);
}

/** Change how many there are of a kind; returns how to take that back if nothing newer has come. */
function addToCount(item, kind, by) {
  const chip = () => item.querySelector(`.post-reactions > [value="${kind}"]`);
  const before = Number(chip()?.querySelector("b").textContent || 0);
  showCount(item, kind, chip(), before + by);
  return () => {
    if (Number(chip()?.querySelector("b").textContent || 0) === before + by) {
      showCount(item, kind, chip(), before);
    }
  };
}

/** Only what was given is shown beside the menu, in the menu's order. */
function showCount(item, kind, chip, count) {
  if (count < 1) {
    chip?.remove();
    return;
  }
  const shown = chip || newChip(item, kind);
  shown.querySelector("b").textContent = count;
}

function newChip(item, kind) {
  const menu = item.querySelector(".react-menu");
  const chip = menu.querySelector(`[value="${kind}"]`).cloneNode(true);
  chip.tabIndex = -1;
  chip.append(" ", document.createElement("b"));
  const order = [...menu.querySelectorAll(".react")].map((one) => one.value);
  const chips = item.querySelector(".post-reactions");
  const later = [...chips.children].find((one) => order.indexOf(one.value) > order.indexOf(kind));
  chips.insertBefore(chip, later || null);
  return chip;
}
