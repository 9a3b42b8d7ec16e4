/** What is said in a room: put in by number, changed in place, taken out; the end stays in view. */

import { morph } from "../core/morph.js";
import { noteChoices } from "../threads/reader/content_note_preferences.js";

const NEAR_PX = 80;

export class Messages {
  /**
   * @param {HTMLElement} log
   * @param {{arrived: (author: string) => void}} page is told who has said something
   */
  constructor(log, { arrived }) {
    this.log = log;
    this.arrived = arrived;
    this.versions = new Map();
    this.viewerId = log.closest("[data-viewer-id]").dataset.viewerId;
    this.showNote = noteChoices(log);
    for (const message of log.querySelectorAll(".message")) {
      this.versions.set(Number(message.dataset.messageId), Number(message.dataset.version));
      this.showNote(message.closest(".log-item"));
    }
    log.scrollTop = log.scrollHeight;
  }

  /** @param {{id: number, version: number, number?: number, html?: string}[]} changes */
  apply(changes) {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    for (const change of changes) {
      if ((this.versions.get(change.id) ?? 0) >= change.version) continue;
      this.versions.set(change.id, change.version);
      this.#applyOne(change);
    }
    if (atEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  /** Show HTML that an answer brought, wherever the reader was. @param {string} html */
  show(html) {
    const { messageId, number, version } = parse(html).dataset;
    this.apply([
      { id: Number(messageId), number: Number(number), version: Number(version), html },
    ]);
    this.log.scrollTop = this.log.scrollHeight;
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
    this.arrived(message.querySelector(".message-author")?.textContent.trim());
  }
}

/** @returns {HTMLElement} the message in a fragment that the server rendered */
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.querySelector(".message");
}
