/** One page of the queue's rows in their order: urgency, then age, then number. */

const MINUTE_S = 60;
const UNITS = [[2 * 86400, 86400, "day"], [3600, 3600, "hour"], [MINUTE_S, MINUTE_S, "minute"]];

export class QueueRows {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} empty what is shown when there are no rows
   */
  constructor(list, empty) {
    this.list = list;
    this.empty = empty;
    // What belongs before the first or after the last row is on another page, if there is one.
    this.first = "earlier" in list.dataset ? list.firstElementChild : null;
    this.last = "later" in list.dataset ? list.lastElementChild : null;
    setInterval(() => this.age(), MINUTE_S * 1000);
  }

  /**
   * Show an item as it is now, or take it away.
   * @param {{id: number, version: number, html?: string, gone?: boolean}} item
   * @returns {"new" | "earlier" | ""} whether it was not there before, or is on an earlier page
   */
  take(item) {
    const old = this.list.querySelector(`[data-id="${item.id}"]`);
    if (old && Number(old.dataset.version) >= item.version) return "";
    const focused = old?.contains(document.activeElement);
    const next = focused && old.nextElementSibling;
    old?.remove();
    const row = item.html && made(item.html);
    const earlier = Boolean(row && this.first && comesBefore(row, this.first));
    const here = Boolean(row && !earlier && !(this.last && comesBefore(this.last, row)));
    if (here) {
      this.place(row);
      row.classList.toggle("is-new", !old);
      if (focused) row.querySelector("a").focus({ preventScroll: true });
    } else if (focused) {
      (next?.querySelector("a") || document.querySelector("main")).focus();
    }
    this.empty.hidden = Boolean(this.list.firstElementChild);
    if (earlier) return "earlier";
    return here && !old ? "new" : "";
  }

  place(row) {
    const after = [...this.list.children].find((other) => comesBefore(row, other));
    this.list.insertBefore(row, after || null);
  }

  age() {
    for (const row of this.list.children) {
      const waited = Date.now() / 1000 - Number(row.dataset.opened);
      row.querySelector("[data-wait]").textContent = span(waited) || this.list.dataset.saysShort;
    }
  }
}

function made(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}

function comesBefore(one, other) {
  for (const key of ["urgency", "opened", "id"]) {
    const apart = Number(one.dataset[key]) - Number(other.dataset[key]);
    if (apart) return apart < 0;
  }
  return false;
}

function span(seconds) {
  for (const [least, size, unit] of UNITS) {
    if (seconds >= least) {
      const style = { style: "unit", unit, unitDisplay: "long" };
      return new Intl.NumberFormat(document.documentElement.lang, style).format(
        Math.floor(seconds / size),
      );
    }
  }
  return "";
}
