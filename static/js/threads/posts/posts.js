/** The posts on this page: put in by number, changed in place, taken out. */

import { morph } from "../../core/morph.js";
import { noteChoices } from "../reader/content_note_preferences.js";
import { keepingPlace } from "../reader/scroll_anchor.js";

/**
 * @typedef {{id: number, number: number | null, version: number, html?: string,
 *            removed?: boolean}} Change  A post that is pending has no number.
 */
export class Posts {
  /**
   * @param {HTMLElement} list
   * @param {{first: number, last: number, size: number, lastNumber: number,
   *          arrived: (posts: HTMLElement[]) => void,
   *          beyond: (count: number) => void}} page
   */
  constructor(list, page) {
    this.list = list;
    this.page = page;
    this.lastNumber = page.lastNumber;
    this.later = new Set();
    this.versions = new Map();
    this.showNote = noteChoices(list);
    for (const post of list.querySelectorAll(".post")) {
      this.versions.set(Number(post.dataset.postId), Number(post.dataset.version));
      this.mark(post.closest("li"));
    }
  }

  /** Apply changes that are newer than what is shown. @param {Change[]} changes */
  apply(changes) {
    const arrived = [];
    keepingPlace(this.list, () => {
      for (const change of changes) {
        if ((this.versions.get(change.id) ?? 0) >= change.version) continue;
        this.versions.set(change.id, change.version);
        const post = this.#applyOne(change);
        if (post) arrived.push(post);
      }
    });
    if (arrived.length) this.page.arrived(arrived);
  }

  /** Show HTML that an answer brought. @param {string} html @returns {HTMLElement | null} */
  show(html) {
    const post = parse(html);
    const { postId, version } = post.dataset;
    const change = { id: Number(postId), number: numberOf(post), version: Number(version), html };
    this.apply([change]);
    return this.find(postId);
  }

  /** Take everything away: it is not for this person any longer. */
  clear() {
    this.list.replaceChildren();
  }

  /** @returns {HTMLElement | null} the post with this id, if it is on this page */
  find(id) {
    return this.list.querySelector(`#post-${CSS.escape(String(id))}`);
  }

  /** Show which reactions are this person's own. @param {HTMLElement} item */
  mark(item) {
    const mine = (item.dataset.mine || "").split(" ");
    for (const button of item.querySelectorAll(".react")) {
      button.setAttribute("aria-pressed", String(mine.includes(button.value)));
      button.disabled = item.hasAttribute("data-own");
    }
    item.querySelector("[data-without-script]")?.remove();
    this.showNote(item);
  }

  #applyOne({ id, number, html, removed }) {
    const shown = this.find(id);
    if (removed) {
      if (this.later.delete(id)) this.page.beyond(this.later.size);
      shown?.closest("li").remove();
      return null;
    }
    const isNew = number > this.lastNumber;
    this.lastNumber = Math.max(this.lastNumber, number);
    const moved = shown && numberOf(shown) !== number; // approved: it has a place now
    if (moved) shown.closest("li").remove();
    if (shown && !moved) {
      morph(shown, parse(html));
      this.mark(shown.closest("li"));
    } else if (number === null || this.#isHere(number)) {
      return this.#insert(parse(html), isNew);
    } else if (isNew) {
      this.later.add(id);
      this.page.beyond(this.later.size);
    }
    return null;
  }

  /** The last page takes what comes until it is full. */
  #isHere(number) {
    if (number < this.page.first || number > this.page.last) return false;
    const numbers = [...this.list.querySelectorAll(".post")]
      .map(numberOf).filter((one) => one !== null);
    return numbers.length < this.page.size || number < Math.max(...numbers);
  }

  #insert(post, isNew) {
    const item = document.createElement("li");
    const own = post.dataset.authorId && post.dataset.authorId === this.list.dataset.viewerId;
    item.dataset.mine = "";
    item.toggleAttribute("data-own", Boolean(own));
    item.toggleAttribute("data-unread", isNew && !own);
    item.append(post);
    const next = [...this.list.querySelectorAll(".post")].find(
      (other) => standsBefore(post, other));
    this.list.insertBefore(item, next?.closest("li") || null);
    this.mark(item);
    return isNew && !own ? post : null;
  }
}

/** @param {HTMLElement} post @returns {number | null} its number; null while it is pending */
function numberOf(post) {
  return post.dataset.number ? Number(post.dataset.number) : null;
}

/** Pending posts come after those with a number, in the order in which they were written. */
function standsBefore(post, other) {
  const [number, next] = [numberOf(post), numberOf(other)];
  if (number === null && next === null) {
    return Number(post.dataset.postId) < Number(other.dataset.postId);
  }
  return next === null || (number !== null && number < next);
}

/** @returns {HTMLElement} the post in a fragment that the server rendered */
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.querySelector(".post");
}
