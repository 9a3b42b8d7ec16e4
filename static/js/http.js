/** Writes that answer JSON, with the token that every form carries. */

const PATIENCE_MS = 15000;
const AWAY = [502, 503, 504];

/** The forum answered, and said no: `fields` maps field names to messages. */
export class Refused extends Error {
  constructor(status, error) {
    super(error.message || "That did not work. Please try once more.");
    this.status = status;
    this.code = error.code || "refused";
    this.fields = error.fields || {};
  }
}

/** The forum could not be reached; the same request may be sent again. */
export class Unreachable extends Error {}

/** @returns {string} the page's CSRF token */
export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content || "";
}

/**
 * POST a form's fields and return the answer's JSON.
 * @param {string} url
 * @param {Object<string, unknown>} fields
 * @param {{keepalive?: boolean}} options keepalive lets the request outlive the page
 * @throws {Refused|Unreachable}
 */
export async function post(url, fields, { keepalive = false } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  const body = new URLSearchParams(fields);
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST", headers, body, keepalive, signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (problem) {
    throw new Unreachable(problem.message);
  }
  if (AWAY.includes(answer.status)) throw new Unreachable(String(answer.status));
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said.error || {});
  return said;
}
