/** Which backslashes are shown, and which take themselves away: forum/core/text/backslash_escapes.py. */

// What backslash_escapes.py shows as it is typed: Windows paths, and faces with arms or ears.
const LITERAL = new RegExp(
  String.raw`(?<![^\s"'(\[{*_~“‘„«])`
  + String.raw`(?:[A-Za-z]:\\(?=[\p{L}\p{N}]|[\\.$%~{(]|_[\p{L}\p{N}_]|\*\.[\p{L}\p{N}_])`
  + String.raw`|\.\.?\\(?=[\p{L}\p{N}]|\.\.?\\)|\\\\(?=(?:[.?]\\)?[\p{L}\p{N}]))`
  + String.raw`(?:(?!\]\\?\(|\\["<>|\x60])[^\s"<>|\x60])*`
  + String.raw`|(?<!\\)\\(?:(?<skin>[*_~@=+#\x60\-])[^\s\\\/]{0,8}\k<skin>|\([^\s\\\/]{0,8}\)|\[[^\s\\\/]{0,8}\])\/`
  + String.raw`(?![\p{L}\p{N}_])|(?<=[\/(])\\_{1,9}\/`, "gu");
const SIGNS = /^[`*_~[\]<@]/;
const NEAR = 40;

/** A text with `plain` done to all but what is shown as it is typed anyhow. */
export function outsideLiterals(text, plain) {
  let done = "";
  let end = 0;
  for (const literal of text.matchAll(LITERAL)) {
    done += plain(text.slice(end, literal.index)) + literal[0];
    end = literal.index + literal[0].length;
  }
  return done + plain(text.slice(end));
}

/** Two backslashes for each that would be taken away there. */
export function doubled(words) {
  return words.replace(/(?<!\\)\\+/g, (run, start) => (isSwallowed(words, start, run.length) ? run + run : run));
}

function isSwallowed(words, start, length) {
  const after = words.slice(start + length, start + length + 2);
  if (SIGNS.test(after) || after === "![") return true;
  if (after[0] === "(") return words[start - 1] === "]";
  const line = words.slice(Math.max(0, start - NEAR), start).split("\n");
  if (line.length === 1 && start > NEAR) return false;
  const before = line.at(-1).replace(/^[*_~ \t]+|[*_~ \t]+$/g, "");
  if (/^[#>+=-]/.test(after)) return !before;
  return /^[.)]/.test(after) && /^\d{1,9}$/.test(before);
}

/** The backslashes that keep those at the end of one piece from taking a sign of the next away. */
export function backslashesBetween(piece, next) {
  let start = piece.length;
  while (SIGNS.test(next) && piece[start - 1] === "\\") start -= 1;
  return piece.slice(start);
}
