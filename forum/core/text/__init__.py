"""People's words: checked as they come in (`fields`), and turned into safe HTML (`markdown`)."""

from forum.core.text.alphabets.direction import isolated, isolated_text
from forum.core.text.alphabets.invisible import is_blank, visible_length
from forum.core.text.excerpts import excerpt
from forum.core.text.fields import checked, one_line, with_windows_signs
from forum.core.text.markdown import (
    LINKS_MAX,
    REL,
    RENDERER_VERSION,
    SCHEMES,
    TAGS,
    called,
    render,
)
from forum.core.text.mentions import MENTION, beginnings, folded, mentioned, renamed
from forum.core.text.quotations import quoted_names, quotes_somebody, without_quotations_of


def words(body: str) -> int:
    """Return how many words a text has, counted between white space."""
    return len(body.split())


__all__ = [
    "LINKS_MAX",
    "MENTION",
    "REL",
    "RENDERER_VERSION",
    "SCHEMES",
    "TAGS",
    "beginnings",
    "called",
    "checked",
    "excerpt",
    "folded",
    "is_blank",
    "isolated",
    "isolated_text",
    "mentioned",
    "one_line",
    "quoted_names",
    "quotes_somebody",
    "renamed",
    "render",
    "visible_length",
    "with_windows_signs",
    "without_quotations_of",
    "words",
]
