"""The first words of rendered HTML, for lists of posts."""

from functools import lru_cache

from markupsafe import Markup

# To take the tags out of all of a long post takes longer than to show it.
HTML_A_CHARACTER = 20
EXCERPTS = 2_000  # are remembered at once, since many read the same
ENTITY_MOST = len("&quot;")


@lru_cache(EXCERPTS)
def excerpt(html: str, most: int) -> str:
    """Return the first words of rendered HTML, up to `most` characters, with … where it goes on."""
    beginning = html[: most * HTML_A_CHARACTER]
    if len(beginning) < len(html):
        beginning = _whole(beginning, "<", ">", len(beginning))
        beginning = _whole(beginning, "&", ";", ENTITY_MOST)
    words = Markup(beginning).striptags()  # noqa: S704 - a part of our own HTML
    goes_on = len(words) > most or len(beginning) < len(html)
    return f"{words[:most]}…" if goes_on else words


def _whole(html: str, first: str, last: str, most: int) -> str:
    """Return HTML without what is begun at its end and not ended there."""
    begun = html.rfind(first, len(html) - most)
    return html[:begun] if begun > html.rfind(last) else html
