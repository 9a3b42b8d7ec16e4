/** A release that is being made: its page says how far it is, and shows the end by itself. */

const REFRESH_MS = 2000;

const line = document.querySelector("[data-release]");

async function refresh() {
  const answer = await fetch(line.dataset.release, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const job = await answer.json();
  if (job.state !== line.dataset.state) location.reload();
  else if (job.words !== line.textContent) line.textContent = job.words;
}

setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, REFRESH_MS);
