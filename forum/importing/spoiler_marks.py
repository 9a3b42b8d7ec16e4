"""Hidden parts in plain text: [spoiler], <details>, ::: spoiler, ||two bars||, >!arrows!<.

Parts between bars or arrows stay in their line, and end before an empty one. A title is always
open: there a hidden part becomes an ellipsis.
"""

import re
from collections.abc import Callable

from forum.core.text import is_blank

UNNAMED = "Spoiler"
_MORE = "\N{HORIZONTAL ELLIPSIS}"
_BBCODE = re.compile(
    r"\\?\[(?P<end>/)?(?:spoiler|details|hide|hidden|blur)(?:[ =:](?P<name>[^\]\n]{0,100}))?\\?\]",
    re.IGNORECASE,
)
_MARKS = (
    _BBCODE,
    re.compile(
        r"<(?P<end>/)?(?:details|spoiler)(?: [^>\n]{0,100})?>"
        r"(?:\s{0,9}<summary>(?P<name>[^<\n]{0,100})</summary>)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"^:{3} ?(?:spoiler(?: (?P<name>.{0,100}))?|(?P<end>))$", re.IGNORECASE | re.MULTILINE
    ),
)
_TO_ITS_END = re.compile(
    r"\[(?:spoiler|details|hide|hidden|blur)[^\]\n]{0,100}\](?:[^\[\n]{0,200}\[/\w{1,9}\]|.*)",
    re.IGNORECASE,
)


def set_apart(body: str) -> tuple[str, list[str]]:
    """Return a text with its hidden parts in the open, each under its name, and their names."""
    names: list[str] = []

    def apart(found: re.Match[str]) -> str:
        if found["end"] is not None:
            return "\n\n" if names else found[0]
        names.append((found["name"] or "").strip(" \"'\\") or UNNAMED)
        return f"\n\n{names[-1]}\n\n"

    def open_(hidden: str) -> str:
        names.append(UNNAMED)
        return hidden.strip()

    changed = body
    for mark in _MARKS:
        changed = mark.sub(apart, changed)
    changed = _between_bars(_between_arrows(changed, open_), open_)
    return (re.sub(r"\n{3,}", "\n\n", changed).strip(), names) if names else (body, names)


def cut_from(title: str) -> tuple[str, str]:
    """Return a title without its hidden parts, and the whole of it, or "" if nothing is hidden."""
    whole, names = set_apart(title)
    if not names:
        return title, ""
    shown = title
    for mark in (_TO_ITS_END, *_MARKS):
        shown = mark.sub(_MORE, shown)
    shown = _between_bars(_between_arrows(shown, lambda _: _MORE), lambda _: _MORE)
    shown = " ".join(shown.split())
    says_nothing = not any(map(str.isalnum, shown))
    return UNNAMED if says_nothing else shown, " ".join(whole.split())


def _between_arrows(text: str, show: Callable[[str], str]) -> str:
    """Return a text with what `show` makes of each part in >!arrows!<."""
    first, *rest = text.split(">!")
    parts = [first]
    for part in rest:
        hidden, closed, after = part.partition("!<")
        is_meant = closed and _can_hide(hidden) and not parts[-1].endswith("\\")
        parts.append(show(hidden) + after if is_meant else f">!{part}")
    return "".join(parts)


def _between_bars(text: str, show: Callable[[str], str]) -> str:
    """Return a text with what `show` makes of each part in ||bars||, which touch no words outside.

    So `a || b || c` and `a||b||c` stay as they are.
    """
    parts = text.split("||")
    shown, at = parts[:1], 1
    while at < len(parts):
        if at + 1 < len(parts) and _are_bars(shown[-1], parts[at], parts[at + 1]):
            shown += [show(parts[at]), parts[at + 1]]
            at += 2
        else:
            shown.append(f"||{parts[at]}")
            at += 1
    return "".join(shown)


def _are_bars(before: str, hidden: str, after: str) -> bool:
    touches = before[-1:].isalnum() or before.endswith("\\") or after[:1].isalnum()
    return _can_hide(hidden) and not hidden[0].isspace() and not touches


def _can_hide(words: str) -> bool:
    return not is_blank(words) and "\n\n" not in words
