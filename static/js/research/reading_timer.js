/**
 * For how long somebody has read, at least and at most, from signs of life and what is on screen.
 *
 * Between two signs of life (a key, a touch, the mouse) that are at most a minute apart somebody was
 * there. After the last one they may have read on for a minute, or gone at once. So `low` ends with
 * the last sign, and `high` a minute later. What was on screen for less than a second went by: it
 * counts for `high` alone. All times are milliseconds of one clock that never goes back.
 */

const ALIVE_MS = 60000;
const GLANCE_MS = 1000;

export class Attention {
  /** @param {number} now @param {number} began since when it may be read, before it says so itself */
  constructor(now, began = now) {
    this.low = 0;
    this.high = 0;
    this.seen = new Set();
    this.posts = new Map();
    this.looking = false;
    this.began = began;
    this.until = now;
    this.steady = now;
    this.sign = now;
    this.awake = now;
    this.unsure = 0;
  }

  /** Somebody did something. */
  alive(now) {
    this.pass(now);
    if (now - this.sign <= ALIVE_MS) this.low += this.unsure;
    else this.awake = now;
    this.unsure = 0;
    this.sign = now;
  }

  /** Whether the page can be read: it is visible and in focus. Changing that is a sign of life. */
  look(looking, now) {
    if (looking === this.looking) return;
    this.alive(now);
    this.begin(() => { this.looking = looking; }, now);
  }

  /** A post came on screen, or went. */
  show(post, onScreen, now) {
    this.pass(now);
    this.begin(() => {
      if (onScreen && !this.posts.has(post)) this.posts.set(post, now);
      else if (!onScreen) this.posts.delete(post);
    }, now);
  }

  /** Let time pass up to now. */
  pass(now) {
    const from = this.until;
    this.until = now;
    if (!this.reading) return;
    const end = Math.min(now, this.sign + ALIVE_MS);
    const sure = Math.max(from, this.steady + GLANCE_MS);
    this.high += Math.max(0, end - from);
    this.unsure += Math.max(0, now - sure);
    for (const [post, since] of this.posts) {
      if (end - Math.max(since, this.steady, this.awake) >= GLANCE_MS) this.seen.add(post);
    }
  }

  get reading() {
    return this.looking && this.posts.size > 0;
  }

  begin(change, now) {
    const before = this.reading;
    change();
    if (before || !this.reading) return;
    this.steady = now;
    this.high += Math.min(ALIVE_MS, Math.max(0, now - this.began));
    this.began = Infinity;
  }
}
