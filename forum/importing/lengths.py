"""What is longer or shorter than it can be here, kept all the same: others hang on it."""

from collections.abc import Iterator

from forum.core.text import visible_length
from forum.threads.limits import BODY_MAX, CONTENT_NOTE_MAX, TITLE_MAX, TITLE_MIN

_ENDS = ("\n\n", "\n", " ")
_MORE = "\N{HORIZONTAL ELLIPSIS}"


def parts(body: str) -> list[str]:
    """Return a body in parts of up to BODY_MAX characters, which are posts one after the other.

    It is parted at the end of a paragraph, else of a line, else of a word, where there is one.
    """
    return list(_parts(body)) or [body]


def fitting_title(title: str, body: str) -> tuple[str, str]:
    """Return a title that fits and its body, which begins with the whole of a title that is cut."""
    words = " ".join(title.split())
    if words and visible_length(words) < TITLE_MIN:
        return f"{words} ..." if visible_length(words) else "...", body
    if len(words) > TITLE_MAX:
        return _cut(words, TITLE_MAX), f"{words}\n\n{body}"
    return words, body


def fitting_note(note: str) -> str:
    """Return a content note that fits."""
    return _cut(" ".join(note.split()), CONTENT_NOTE_MAX)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + _MORE


def _parts(body: str) -> Iterator[str]:
    start = 0
    while len(body) - start > BODY_MAX:
        ends = (body.rfind(end, start + BODY_MAX // 2, start + BODY_MAX) for end in _ENDS)
        stop = next((end for end in ends if end > 0), start + BODY_MAX)
        yield body[start:stop]
        start = stop
    if body[start:].strip():
        yield body[start:]
