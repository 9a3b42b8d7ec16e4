/** Moments in the reader's own time zone, with today and yesterday by name. */

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });
const NAMED = ["today", "yesterday"];

function inWords(at) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  return `${NAMED[days] ?? day.format(at)}, ${clock.format(at)}`;
}

function show(time) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) return;
  time.textContent = "clock" in time.dataset ? clock.format(at) : inWords(at);
  time.title = full.format(at);
  time.dataset.local = "";
}

/** Ask for hours in the reader's own zone, beginning now. @param {HTMLFormElement} form */
export function askInOwnZone(form) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  if (![...form.zone.options].some((option) => option.value === timeZone)) return;
  form.zone.value = timeZone;
  const at = new Date();
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  form.starts_at.value = local.toISOString().slice(0, 16);
}

/** Turn every moment below `root` into local time, now and as more arrive. @param {Document} root */
export function localTimes(root) {
  const all = () => root.querySelectorAll("time[datetime]:not([data-local])").forEach(show);
  all();
  new MutationObserver(all).observe(root.body, { childList: true, subtree: true });
}
