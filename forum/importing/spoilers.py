"""Parts that people hid from unprepared readers: here the whole post has a note.

A post here is closed as a whole, so its content note names what was hidden, and in the text each
hidden part begins with its name on a line of its own. Parts inside a line stay in it, since that
reads better once the post is open. This is about HTML; see also `spoiler_marks`.
"""

import re

from bs4 import BeautifulSoup, Tag

from forum.importing.hidden_html import is_unreadable
from forum.importing.spoiler_marks import UNNAMED

# To name parts takes as long as what is in them, and they can be in one another.
PARTS_MAX = 50
_CLASS = re.compile(
    r"spoile[rd]|(?:^|[-_])hidden-?content|^(?:sp-wrap|blur(?:red)?)$", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"data-(?:\w+-)?\w{0,9}spoiler")
_NAME = re.compile(r"(?:spoiler\S{0,40}|^sp-?)(?:title|head)", re.IGNORECASE)
_YES = re.compile(r"[\d\W]*|true|yes|on|spoiler", re.IGNORECASE)
_IN_A_LINE = {"span", "tg-spoiler", "a", "em", "i", "b", "strong"}


def set_apart(soup: BeautifulSoup) -> list[str]:
    """Put each hidden part of an HTML text in a paragraph of its own; return their names.

    Of more than PARTS_MAX the rest is left as it is, behind the same note.
    """
    names = []
    for part in soup.find_all(_hides, limit=PARTS_MAX):
        if part.decomposed or part.find_parent(_hides):
            continue
        names.append(_take_name(part))
        if part.name not in _IN_A_LINE:
            part.name = "div"
            line = soup.new_tag("p")
            line.string = names[-1]
            part.insert(0, line)
    return names


def noted(note: str, names: list[str]) -> str:
    """Return the content note of a post with these hidden parts: the given one comes first."""
    wanted = [note.strip(), *(name for name in names if name.casefold() not in note.casefold())]
    return ", ".join(dict.fromkeys(filter(None, wanted)))


def _hides(tag: Tag) -> bool:
    if tag.name in {"details", "tg-spoiler", "spoiler"}:
        return True
    return tag.name != "button" and (
        any(map(_CLASS.search, _classes(tag)))
        or any(map(_ATTRIBUTE.fullmatch, tag.attrs))
        or is_unreadable(tag)
    )


def _take_name(part: Tag) -> str:
    """Return the name of a hidden part, and take it out of the part."""
    named = part.find(lambda tag: tag.name in {"summary", "button"} or _is_name(tag))
    name = ""
    if isinstance(named, Tag):
        name = " ".join(named.get_text(" ").split())
        named.decompose()
    if part.name == "a" and part.get("title"):  # the words are what is hidden: [storms](#s "rain")
        name = name or " ".join(part.get_text(" ").split())
        part.append(f" {part['title']}")
        return name or UNNAMED
    kept_in = ("title", "data-title", *filter(_ATTRIBUTE.fullmatch, part.attrs))
    given = (str(part[key]) for key in kept_in if part.get(key))
    title = next((words for words in given if not _YES.fullmatch(words)), "")
    return name or " ".join(title.split()) or UNNAMED


def _is_name(tag: Tag) -> bool:
    return any(map(_NAME.search, _classes(tag)))


def _classes(tag: Tag) -> list[str]:
    given: str | list[str] = tag.get("class") or []
    return [given] if isinstance(given, str) else list(given)
