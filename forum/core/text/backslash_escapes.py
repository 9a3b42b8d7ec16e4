r"""What a backslash takes away: itself, before a sign that would mean something there.

Everywhere else it is shown, and so are all of a Windows path (`C:\_old\*.txt`, `\\server\share`)
and of a face whose arms or ears it is (`\*o*/`, `/\_/\`).
"""

import re
from collections.abc import Callable

from markdown_it.rules_inline import StateInline, escape

_ARM = "\u00af\\_("
_PATH = (
    r"(?<![^\s\"'(\[{*_~\u201c\u2018\u201e\xab])"
    r"(?:[A-Za-z]:\\(?=[^\W_]|[\\.$%~{(]|_\w|\*\.\w)|\.\.?\\(?=[^\W_]|\.\.?\\)|\\\\(?=(?:[.?]\\)?[^\W_]))"
    r"(?:(?!\]\\?\(|\\[\"<>|`])[^\s\"<>|`])*"
)
# Alike on both sides; or ears, as those of (\_/).
_SKIN = r"[^\s\\/]{0,8}"
_FACE = rf"(?<!\\)\\(?:([*_~@=+#`-]){_SKIN}\1|\({_SKIN}\)|\[{_SKIN}\])/(?!\w)|(?<=[/(])\\_{{1,9}}/"
LITERAL = re.compile(f"{_PATH}|{_FACE}")
_RUN = re.compile(r"(?<!\\)\\+")
_ALWAYS, _BEGINNING, _AFTER_NUMBER = frozenset("`*_~[]<@"), frozenset("#>+-="), frozenset(".)")
_NUMBER = re.compile("[0-9]{1,9}")
_NEAR = 40  # characters: no more are looked back at for the beginning of a line
_DRIVE = len("C:")


def read_backslash(state: StateInline, silent: bool) -> bool:
    """Let a backslash make the sign after it plain, or show it; see the module."""
    start = state.pos
    if state.src[start] != "\\":
        return False
    end = shown = _literal_end(state.src, start, state.posMax)
    if end == start:
        end = _run_end(state.src, start)
        # Two stand for one, as everywhere, where one alone would be taken away.
        shown = (start + end) // 2 if is_swallowed(state.src, start, end) else end
    if not silent:
        state.pending += state.src[start:shown]
    state.pos = end
    if shown < end and (end - start) % 2:
        state.pos -= 1
        return escape(state, silent)
    return True


def outside_literals(text: str, plain: Callable[[str], str]) -> str:
    """Return a text with `plain` done to all but what is shown as it is typed anyhow."""
    done, end = [], 0
    for literal in LITERAL.finditer(text):
        done += [plain(text[end : literal.start()]), literal[0]]
        end = literal.end()
    return "".join([*done, plain(text[end:])])


def doubled(text: str) -> str:
    """Return a text with two backslashes for each that would be taken away."""
    return _RUN.sub(lambda run: run[0] * (1 + is_swallowed(text, run.start(), run.end())), text)


def is_swallowed(text: str, start: int, end: int) -> bool:
    """Whether the backslashes from `start` to `end` come before a sign with a meaning there."""
    sign = text[end : end + 1]
    if sign in _ALWAYS or text.startswith("![", end):
        return True
    if sign == "(":
        return text[start - 1 : start] == "]"
    line = text[max(0, start - _NEAR) : start].rpartition("\n")
    before = line[2].strip("*_~ \t") if line[1] or start <= _NEAR else sign
    if sign in _BEGINNING:
        return not before
    return sign in _AFTER_NUMBER and bool(_NUMBER.fullmatch(before))


def _run_end(text: str, start: int) -> int:
    end = start
    while text[end : end + 1] == "\\":
        end += 1
    return end


def _literal_end(text: str, at: int, most: int) -> int:
    """Return where a path or face ends that this backslash belongs to; `at` for none."""
    if at and text.startswith(_ARM, at - 1):
        return at + len("\\_")
    starts = range(at, max(-1, at - _DRIVE - 1), -1)
    found = next(filter(None, (LITERAL.match(text, start, most) for start in starts)), None)
    if not found or found.end() <= at:
        return at
    end = found.end()
    while text[end - 1] in "*_~" and text[end - 2] != "\\":
        end -= 1  # these may end emphasis that the path is in
    return end
