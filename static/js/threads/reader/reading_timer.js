/**
 * For how long somebody has read, at least and at most, from activity and what is on screen.
 *
 * Between two signs of activity (a key, a touch, the mouse) that are at most a minute apart somebody
 * was there. After the last one they may have read on for a minute, or gone at once. So `low` ends
 * with the last sign, and `high` a minute later. What was on screen for less than a second went by:
 * it counts for `high` alone. All times are milliseconds of one clock that never goes back.
 */

const ACTIVE_MS = 60000;
const GLANCE_MS = 1000;

export class ReadingTimer {
  /** @param {number} now @param {number} servedAt since when it may have been read unnoticed */
  constructor(now, servedAt = now) {
    this.low = 0;
    this.high = 0;
    this.seen = new Set();
    this.posts = new Map();
    this.readable = false;
    this.servedAt = servedAt;
    this.countedUntil = now;
    this.readingSince = now;
    this.lastActivity = now;
    this.activeSince = now;
    this.unconfirmed = 0;
  }

  /** Somebody did something. */
  noteActivity(now) {
    this.advance(now);
    if (now - this.lastActivity <= ACTIVE_MS) this.low += this.unconfirmed;
    else this.activeSince = now;
    this.unconfirmed = 0;
    this.lastActivity = now;
  }

  /** Whether the page can be read: it is visible and in focus. Changing that is activity. */
  setReadable(readable, now) {
    if (readable === this.readable) return;
    this.noteActivity(now);
    this.apply(() => { this.readable = readable; }, now);
  }

  /** A post came on screen, or went. */
  setOnScreen(post, onScreen, now) {
    this.advance(now);
    this.apply(() => {
      if (onScreen && !this.posts.has(post)) this.posts.set(post, now);
      else if (!onScreen) this.posts.delete(post);
    }, now);
  }

  /** Let time pass up to now. */
  advance(now) {
    const from = this.countedUntil;
    this.countedUntil = now;
    if (!this.reading) return;
    const end = Math.min(now, this.lastActivity + ACTIVE_MS);
    const sure = Math.max(from, this.readingSince + GLANCE_MS);
    this.high += Math.max(0, end - from);
    this.unconfirmed += Math.max(0, now - sure);
    for (const [post, since] of this.posts) {
      if (end - Math.max(since, this.readingSince, this.activeSince) >= GLANCE_MS) this.seen.add(post);
    }
  }

  get reading() {
    return this.readable && this.posts.size > 0;
  }

  apply(change, now) {
    const before = this.reading;
    change();
    if (before || !this.reading) return;
    this.readingSince = now;
    this.high += Math.min(ACTIVE_MS, Math.max(0, now - this.servedAt));
    this.servedAt = Infinity;
  }
}
