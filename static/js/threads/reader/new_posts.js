/** What has arrived and not been seen: a gentle button, and one polite announcement. */

import { counted, filled } from "../../core/words.js";

const GATHER_MS = 700;

/**
 * @param {HTMLElement} page the thread
 * @returns {{arrived: (posts: HTMLElement[]) => void, beyond: (count: number) => void}}
 */
export function newPosts(page) {
  const button = page.querySelector("[data-new-replies]");
  const beyondLine = page.querySelector("[data-more-new]");
  const unseen = new Set();
  const say = announcer(page.querySelector("[data-announce]"), (count) => counted(button, count));
  const show = () => {
    for (const post of unseen) if (!post.isConnected) unseen.delete(post);
    button.hidden = unseen.size === 0;
    if (unseen.size) button.textContent = counted(button, unseen.size);
  };
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        unseen.delete(target);
        watcher.unobserve(target);
      } else {
        unseen.add(target);
      }
    }
    show();
  });
  button.addEventListener("click", () => {
    const first = [...unseen].find((post) => post.isConnected);
    first?.scrollIntoView({ block: "start" });
    first?.focus({ preventScroll: true });
  });
  return {
    arrived(posts) {
      for (const post of posts) watcher.observe(post);
      say(posts.map((post) => post.querySelector(".post-author")?.textContent.trim() || ""));
    },
    beyond(count) {
      beyondLine.hidden = count === 0;
      if (!count) return;
      const words = counted(beyondLine, count);
      beyondLine.firstElementChild.textContent = words;
      say([], words); // the line was hidden, so nobody hears it
    },
  };
}

/** @param {HTMLElement} region @param {(count: number) => string} replies such as "3 new replies" */
function announcer(region, replies) {
  let authors = [];
  let beyond = "";
  let soon = 0;
  return (more, elsewhere = beyond) => {
    authors.push(...more);
    beyond = elsewhere;
    soon ||= setTimeout(() => {
      const one = authors.length === 1 && authors[0];
      const here = one ? filled(region.dataset.saysFrom, { name: one })
        : authors.length && replies(authors.length);
      region.textContent = [here, beyond].filter(Boolean).join(". ");
      authors = [];
      beyond = "";
      soon = 0;
    }, GATHER_MS);
  };
}
