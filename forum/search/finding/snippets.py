"""A few words of a post around those that were looked for, which are marked."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from forum.search.analysis import stems, tokens
from forum.search.analysis.tokens import Token
from forum.search.finding.matching import Wanted

BEFORE, LENGTH = 60, 260
CHARACTERS_READ = 20_000
_MARK, _END_MARK = Markup("<mark>"), Markup("</mark>")


def snippet(said: str, forms: Sequence[Sequence[str]]) -> Markup:
    """Return some of what is said as HTML, from shortly before the first word found."""
    said = " ".join(said[:CHARACTERS_READ].split())
    found = list(tokens.tokens_of(said))
    marked = _wanted(found, forms)
    start = _start(found, marked[0].start if marked else 0)
    end = _end(said, found, start + LENGTH)
    html = Markup("").join(_pieces(said, start, end, marked))
    before, after = ("… " if start else ""), (" …" if end < len(said) else "")
    return Markup("{}{}{}").format(before, html, after)


def mark(words: str, forms: Sequence[Sequence[str]]) -> Markup:
    """Return all of a short text as HTML with the words marked."""
    marked = _wanted(list(tokens.tokens_of(words)), forms)
    return Markup("").join(_pieces(words, 0, len(words), marked))


def _wanted(found: Sequence[Token], forms: Sequence[Sequence[str]]) -> list[Token]:
    """Return the words of a text that were looked for."""
    wanted = Wanted(forms)
    language = stems.language_of(token.word for token in found)
    return [token for token in found if wanted.which(token.word, language)]


def _pieces(said: str, start: int, end: int, marked: Sequence[Token]) -> Iterator[Markup]:
    at = start
    for first, last in _joined(marked):
        if first < at or last > end:
            continue
        yield escape(said[at:first])
        yield _MARK + escape(said[first:last]) + _END_MARK
        at = last
    yield escape(said[at:end])


def _joined(marked: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield where marks begin and end; pairs of characters that overlap have one."""
    first = last = -1
    for token in marked:
        if token.start < last:
            last = max(last, token.end)
            continue
        if last > 0:
            yield first, last
        first, last = token.start, token.end
    if last > 0:
        yield first, last


def _start(found: Sequence[Token], hit: int) -> int:
    """Return where a snippet begins: at the first word that is near enough, or at the beginning."""
    if hit <= BEFORE:
        return 0
    return next((token.start for token in found if hit - BEFORE <= token.start <= hit), hit)


def _end(said: str, found: Sequence[Token], most: int) -> int:
    """Return where it ends: behind a word, or behind the text."""
    if most >= len(said):
        return len(said)
    return max((token.end for token in found if token.end <= most), default=most)
