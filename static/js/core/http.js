/** Writes that answer JSON, with the token that every form has. */

import { words } from "./words.js";

const PATIENCE_MS = 15000;
const AWAY = [502, 503, 504];
const STALE = "csrf";
// Browsers refuse requests that outlive their page when more than this is under way: 64 KiB.
const OUTLIVES_BYTES = 60_000;

/** The forum answered, and said no: `fields` maps field names to messages. */
export class Refused extends Error {
  constructor(status, error) {
    super(error.message || words("failed"));
    this.status = status;
    this.code = error.code || "refused";
    this.fields = error.fields || {};
    this.now = error.now; // of what somebody else has changed meanwhile
    this.version = error.shown_version;
  }
}

/** The forum could not be reached; the same request may be sent again. */
export class Unreachable extends Error {}

/** @returns {string} the account that this page was made for; "" for a visitor's */
export function account() {
  return document.querySelector('meta[name="account"]')?.content || "";
}

/** @returns {string} the page's CSRF token */
export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content || "";
}

/**
 * POST a form's fields and return the answer's JSON. Where somebody has logged in again meanwhile,
 * in another tab, the page's token is renewed: for the same account, and for nobody else.
 * @param {string} url
 * @param {Object<string, unknown>} fields
 * @param {{keepalive?: boolean}} options keepalive lets the request outlive the page
 * @throws {Refused|Unreachable}
 */
export async function post(url, fields, options = {}) {
  try {
    return await send(url, fields, options);
  } catch (problem) {
    if (problem.code !== STALE) throw problem;
    await renewToken();
    return send(url, fields, options);
  }
}

async function send(url, fields, { keepalive = false } = {}) {
  const headers = {
    Accept: "application/json",
    "X-CSRFToken": token(),
    "X-Account": account(),
    "X-Language": document.documentElement.lang,
  };
  const body = shortest(fields);
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST", headers, body, keepalive: keepalive && sizeOf(body) < OUTLIVES_BYTES + 5_000,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (problem) {
    throw new Unreachable(problem.message);
  }
  if (AWAY.includes(answer.status)) throw new Unreachable(String(answer.status));
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said.error || {});
  return said;
}

/** As a form's fields, or in parts, which take a third of the bytes where letters are not Latin. */
function shortest({ csrf_token: _, ...fields }) {
  const body = new URLSearchParams(fields);
  if (String(body).length < OUTLIVES_BYTES) return body;
  const parts = new FormData();
  for (const [name, words] of Object.entries(fields)) parts.set(name, words);
  return parts;
}

function sizeOf(body) {
  return new Blob(body instanceof FormData ? [...body.values()] : [String(body)]).size;
}

async function renewToken() {
  const answer = await fetch("/session", { headers: { Accept: "application/json" } })
    .catch((problem) => { throw new Unreachable(problem.message); });
  if (!answer.ok) throw new Unreachable(String(answer.status));
  const now = await answer.json();
  if (now.account !== account()) {
    throw now.account ? new Refused(409, { code: "other_account", message: now.message })
      : new Refused(401, { code: "login_needed" });
  }
  document.querySelector('meta[name="csrf-token"]').content = now.csrf_token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) {
    field.value = now.csrf_token;
  }
  document.dispatchEvent(new Event("session:renewed"));
}
