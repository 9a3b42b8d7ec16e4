/** What stands above the editor after one's own words that sound like danger: is anybody there? */

/**
 * Keep it up to date.
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLElement} place
 * @param {number} meetingId
 * @returns {(note: string) => void} shows HTML of the server's
 */
export function teamNote(socket, place, meetingId) {
  const show = (note) => {
    if (place.dataset.html === note) return; // it is read aloud once
    place.dataset.html = note;
    place.innerHTML = note;
  };
  socket.on("meeting:note", async ({ meeting_id: from }) => {
    if (from !== meetingId) return;
    const headers = { Accept: "application/json", "X-Language": document.documentElement.lang };
    const answer = await fetch(`/meetings/${meetingId}/team-note`, { headers }).catch(() => null);
    if (answer?.ok) show((await answer.json()).note);
  });
  return show;
}
