/** What stands beside one's own post after words that sound like danger: is anybody there? */

/**
 * Keep it up to date.
 * @param {import("./posts/posts.js").Posts} posts
 * @param {import("socket.io-client").Socket} socket
 * @param {number} threadId
 * @returns {(id: number, note: string) => void} shows HTML of the server's beside a post
 */
export function teamNotes(posts, socket, threadId) {
  const show = (id, note) => {
    const item = posts.find(id)?.closest("li");
    if (!item) return;
    item.querySelector("[data-team-note]")?.remove();
    if (note) item.querySelector(".post").insertAdjacentHTML("afterend", note);
  };
  socket.on("post:note", async ({ thread_id: from, id }) => {
    if (from !== threadId || !posts.find(id)) return;
    const headers = { Accept: "application/json", "X-Language": document.documentElement.lang };
    const answer = await fetch(`/posts/${id}/team-note`, { headers }).catch(() => null);
    if (answer?.ok) show(id, (await answer.json()).note);
  });
  return show;
}
