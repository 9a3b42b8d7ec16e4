/** Reactions that pass without interrupting: seen for a moment, read aloud to nobody. */

const SHOWN_MS = 6000;
const MOST = 4;

/**
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLElement} page @param {{meeting_id: number}} place
 * @param {(said: object) => boolean} isHere
 */
export function showTransientReactions(socket, page, place, isHere) {
  const line = page.querySelector("[data-transient-reactions]");
  for (const button of page.querySelectorAll("[data-react]")) {
    button.addEventListener("click", () => {
      socket.emit("meeting:react", { ...place, kind: button.value });
    });
  }
  socket.on("meeting:reaction", (said) => {
    if (!isHere(said)) return;
    const one = document.createElement("span");
    one.className = "transient-reaction";
    one.textContent = `${said.handle}: ${said.words}`;
    line.append(one);
    while (line.children.length > MOST) line.firstElementChild.remove();
    setTimeout(() => one.remove(), SHOWN_MS);
  });
}
