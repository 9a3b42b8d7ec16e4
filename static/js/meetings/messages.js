/** What is said in a room: put in by number, changed in place, taken out; the end stays in view. */

import { morph } from "../core/morph.js";
import { noteChoices } from "../threads/reader/content_note_preferences.js";

const NEAR_PX = 80;

export class Messages {
  /**
   * @param {HTMLElement} log
   * @param {{arrived: (author: string, item: HTMLElement) => void, button: HTMLButtonElement}} page
   *        hears who has said something; `button` leads readers further up to what is new
   */
  constructor(log, { arrived, button }) {
    this.log = log;
    this.arrived = arrived;
    this.button = button;
    this.atEnd = true;
    this.versions = new Map();
    this.viewerId = log.closest("[data-viewer-id]").dataset.viewerId;
    this.showNote = noteChoices(log);
    for (const message of log.querySelectorAll(".message")) {
      this.versions.set(Number(message.dataset.messageId), Number(message.dataset.version));
      this.showNote(message.closest(".log-item"));
    }
    this.toEnd();
    button.addEventListener("click", () => {
      this.toEnd();
      log.focus({ preventScroll: true });
    });
    let before = 0;
    log.addEventListener("scroll", () => {
      // What grows while letters load moves nobody up: only a reader who scrolls up reads there.
      if (this.#isAtEnd()) this.atEnd = true;
      else if (log.scrollTop < before) this.atEnd = false;
      before = log.scrollTop;
      if (this.atEnd) button.hidden = true;
    });
    // What is written below grows, a phone is turned: the newest stays in view.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(log);
  }

  /** Show the newest. */
  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.atEnd = true;
    this.button.hidden = true;
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  /** @param {{id: number, version: number, number?: number, html?: string}[]} changes */
  apply(changes) {
    const { atEnd } = this;
    const before = this.newest;
    for (const change of changes) {
      if ((this.versions.get(change.id) ?? 0) >= change.version) continue;
      this.versions.set(change.id, change.version);
      this.#applyOne(change);
    }
    if (atEnd) this.toEnd();
    else if (this.newest !== before) this.button.hidden = false;
  }

  /** @returns {Element | null} the last thing that was said */
  get newest() {
    return this.log.lastElementChild;
  }

  /** Show HTML that an answer brought, wherever the reader was. @param {string} html */
  show(html) {
    const { messageId, number, version } = parse(html).dataset;
    this.apply([
      { id: Number(messageId), number: Number(number), version: Number(version), html },
    ]);
    this.toEnd();
  }

  #applyOne({ id, number, html, removed }) {
    const shown = this.log.querySelector(`#message-${id}`);
    if (removed) {
      shown?.closest(".log-item").remove();
      return;
    }
    const message = parse(html);
    if (shown) {
      morph(shown, message);
      this.showNote(shown.closest(".log-item"));
      return;
    }
    const item = document.createElement("div");
    item.className = "log-item";
    const { authorId } = message.dataset;
    item.toggleAttribute("data-own", Boolean(authorId) && authorId === this.viewerId);
    item.append(message);
    this.showNote(item);
    const next = [...this.log.querySelectorAll(".message")].find(
      (other) => Number(other.dataset.number) > number);
    this.log.insertBefore(item, next?.closest(".log-item") || null);
    this.arrived(message.querySelector(".message-author")?.textContent.trim(), item);
  }
}

/** @returns {HTMLElement} the message in a fragment that the server rendered */
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.querySelector(".message");
}
