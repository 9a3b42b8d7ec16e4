"""What is English on a page in the made-up language: words without any accent."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Comment, Doctype, NavigableString, Tag

ENGLISH = re.compile(r"[A-Za-z]{2,}")
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
# Names, addresses, and what people everywhere write so.
SAME_EVERYWHERE = re.compile(
    r"Common Thread|\bUTC\b|Markdown|https?://\S+|\S+@\S+\.\w+|/[\w/<>-]+|\.(?:ics|csv|zip|json)\b"
    r"|\b(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[\w/-]+"
    r"|\b(?:Ctrl|Shift|Enter|and)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\d (?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
# What the people of the tests write, and call themselves and their groups.
PEOPLES = re.compile(
    r"person\d+x|\bA (?:group|thread|test|study)\b|Circle|Drop-in room|unmistakablewords"
    r"|\b(?:Aa|Elsewhere|Hello|Welcome)\b"
)
SHOWN = ("title", "aria-label", "placeholder", "alt", "aria-description")
UNREAD = {"script", "style", "time", "code", "kbd", "svg", "head"}
SENTENCE = re.compile(r"^[A-Z][a-z']+ [a-z]|[a-z]{3,} [a-z]{2,} [a-z]{2,}")


def words_of(page: str) -> Iterator[str]:
    """Yield each text of a page that holds English, once."""
    told = BeautifulSoup(page, "html.parser")
    seen = set[str]()
    for text in _texts(told):
        shown = " ".join(PEOPLES.sub("", SAME_EVERYWHERE.sub("", ISOLATED.sub("", text))).split())
        if ENGLISH.search(shown) and shown not in seen:
            seen.add(shown)
            yield shown


def _texts(told: BeautifulSoup) -> Iterator[str]:
    for text in told.find_all(string=True):
        plain = isinstance(text, NavigableString) and not isinstance(text, Comment | Doctype)
        if plain and not any(_is_not_ours(one) for one in text.parents):
            yield str(text)
    for one in told.find_all(True):
        inside = [one, *one.parents]
        yield from (
            str(value)
            for name, value in one.attrs.items()
            if (name in SHOWN and not any(_is_not_ours(place) for place in inside))
            or (name.startswith("data-") and SENTENCE.search(str(value)))
        )
    for one in told.select("title, meta[name=description]"):
        yield str(one.get("content") or one.string or "")


def _is_not_ours(one: Tag) -> bool:
    """Whether the words in an element are people's, or the same in every language."""
    return (
        one.name in UNREAD
        or one.name == "bdi"
        or one.get("dir") == "auto"
        or one.get("translate") == "no"
        or (one.name != "html" and one.has_attr("lang"))
    )
