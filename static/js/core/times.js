/** Moments in the reader's own time zone, with today and yesterday by name. */

const { lang } = document.documentElement;
const ENGLISH = lang === "en";
const LANGUAGE = ENGLISH ? "en-GB" : lang;
const clock = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "full", timeStyle: "short" });
const MEETING = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
const weekday = new Intl.DateTimeFormat(LANGUAGE, ENGLISH ? { ...MEETING, hour12: true } : MEETING);
const weekdayAndYear = new Intl.DateTimeFormat(LANGUAGE, { ...MEETING, year: "numeric" });
const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];
const COUNT_EVERY_MS = 30_000;
const NAMED = [0, -1].map((days) => relative.format(days, "day"));

function dayInWords(at) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  return NAMED[days] ?? day.format(at);
}

/** Such as "Tuesday 1 December, 7:30pm", with the year where it is another one. */
function withWeekday(at) {
  const isThisYear = at.getFullYear() === new Date().getFullYear();
  if (!ENGLISH) return (isThisYear ? weekday : weekdayAndYear).format(at);
  const part = Object.fromEntries(weekday.formatToParts(at).map(({ type, value }) => [type, value]));
  const year = isThisYear ? "" : ` ${at.getFullYear()}`;
  return `${part.weekday} ${part.day} ${part.month}${year}, ${part.hour}:${part.minute}${part.dayPeriod}`;
}

/** Such as "in 3 hours": in the largest unit of which there is more than one. */
function untilThen(at) {
  const left = Math.max(0, at - Date.now());
  const [unit, length] = UNITS.find(([, one]) => left >= 1.5 * one) || UNITS.at(-1);
  return relative.format(Math.round(left / length), unit);
}

function countDown(line) {
  line.textContent = untilThen(new Date(line.dataset.until));
  line.hidden = false;
}

function show(time) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) return;
  if ("weekday" in time.dataset) time.textContent = withWeekday(at);
  else if ("day" in time.dataset) time.textContent = dayInWords(at);
  else if ("clock" in time.dataset) time.textContent = clock.format(at);
  else time.textContent = `${dayInWords(at)}, ${clock.format(at)}`;
  time.title = full.format(at);
  time.dataset.local = "";
}

/** Ask for hours in the reader's own zone, beginning now. @param {HTMLFormElement} form */
export function askInOwnZone(form) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const { options } = form.zone;
  if (options && ![...options].some((option) => option.value === timeZone)) return;
  form.zone.value = timeZone;
  if (!form.starts_at) return;
  const at = new Date();
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  form.starts_at.value = local.toISOString().slice(0, 16);
}

/** Turn every moment below `root` into local time, now and as more arrive. @param {Document} root */
export function localTimes(root) {
  const all = () => {
    root.querySelectorAll("time[datetime]:not([data-local])").forEach(show);
    root.querySelectorAll("[data-until][hidden]").forEach(countDown);
  };
  all();
  setInterval(() => root.querySelectorAll("[data-until]").forEach(countDown), COUNT_EVERY_MS);
  new MutationObserver(all).observe(root.body, { childList: true, subtree: true });
}
