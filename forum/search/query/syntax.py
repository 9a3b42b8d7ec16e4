"""The query language, read by hand in one pass: words, "phrases", -without, and field:value.

Every text is a query. What looks like a sign of any database is a word, or nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

FIELDS = {
    "group": "group", "gruppe": "group", "grupo": "group",
    "from": "from", "von": "from", "de": "from",
    "before": "before", "vor": "before", "antes": "before",
    "after": "after", "nach": "after", "despues": "after", "después": "after",
}  # fmt: skip
_CLOSING = {
    '"': '"',
    "\N{LEFT DOUBLE QUOTATION MARK}": '\N{RIGHT DOUBLE QUOTATION MARK}"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '\N{RIGHT DOUBLE QUOTATION MARK}"',
    "\N{DOUBLE LOW-9 QUOTATION MARK}": (
        '\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"'
    ),
    "«": "»",
    "\N{LEFT CORNER BRACKET}": "\N{RIGHT CORNER BRACKET}",
}
_MINUS = "-\N{MINUS SIGN}\N{EN DASH}"


@dataclass(frozen=True)
class Part:
    """A piece of a query: `field` is one of FIELDS' values, or empty for words."""

    text: str
    field: str = ""
    quoted: bool = False
    without: bool = False


def parts_of(query: str) -> Iterator[Part]:
    """Yield the pieces of a query in order."""
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        without = query[at] in _MINUS
        text, quoted, field, at = _piece(query, at + without)
        if text or field:
            yield Part(text, field, quoted, without)


def _piece(query: str, at: int) -> tuple[str, bool, str, int]:
    """Return what begins here: its text, whether it is quoted, its field, and where it ends."""
    if at < len(query) and query[at] in _CLOSING:
        text, end = _quoted(query, at)
        return text, True, "", end
    end = at
    while end < len(query) and not query[end].isspace() and query[end] not in _CLOSING:
        if query[end] == ":" and (field := FIELDS.get(query[at:end].lower())):
            text, end = _value(query, end + 1)
            return text, False, field, end
        end += 1
    return query[at:end], False, "", end


def _value(query: str, at: int) -> tuple[str, int]:
    if at < len(query) and query[at] in _CLOSING:
        return _quoted(query, at)
    end = at
    while end < len(query) and not query[end].isspace():
        end += 1
    return query[at:end], end


def _quoted(query: str, at: int) -> tuple[str, int]:
    """Return what is between marks, or up to the end, where nobody closes them."""
    closing, end = _CLOSING[query[at]], at + 1
    while end < len(query) and query[end] not in closing:
        end += 1
    return query[at + 1 : end], end + 1
