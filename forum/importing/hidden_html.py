"""Which HTML is drawn unreadably: not at all, or in the colour of its background."""

import re
from collections.abc import Iterator
from itertools import islice

from bs4 import Tag

PARENTS_MAX = 8
_NOT_DRAWN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|filter\s*:\s*blur"
    r"|(?:opacity|font-size)\s*:\s*0(?:\.0{1,9})?(?![.\d])",
    re.IGNORECASE,
)
_STYLE = re.compile(r"(?:^|;)\s{0,9}(color|background(?:-color)?)\s{0,9}:([^;]*)", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9a-f]{3,8}|rgba?\([^)]*\)|[a-z]+")
_NUMBER = re.compile(r"[0-9]{1,3}")
_NO_COLOURS = {"none", "inherit", "initial", "unset", "important", "url"}
_BLACK, _CLEAR = "#000000", "transparent"
_NAMED = {"black": _BLACK, "white": "#ffffff"}


def is_unreadable(tag: Tag) -> bool:
    """Whether the words in an element are not to be seen, as far as its style says."""
    if "hidden" in tag.attrs or _NOT_DRAWN.search(str(tag.get("style") or "")):
        return True
    colour, background = _ink(tag), _ground(tag)
    if colour:
        return colour == (background or _nearest_ground(tag)) or colour == _CLEAR
    return background == _BLACK and not any(map(_ink, [*_around(tag), *tag.find_all(True)]))


def _nearest_ground(tag: Tag) -> str:
    return next(filter(None, map(_ground, _around(tag))), "")


def _around(tag: Tag) -> Iterator[Tag]:
    return islice(tag.parents, PARENTS_MAX)


def _ink(tag: Tag) -> str:
    """Return the colour of an element's letters, if it says one."""
    return _styled(tag).get("color", "") or _colour(str(tag.get("color") or ""))


def _ground(tag: Tag) -> str:
    """Return the colour behind an element's letters, if it says one."""
    styled = _styled(tag)
    return (
        styled.get("background-color")
        or styled.get("background")
        or _colour(str(tag.get("bgcolor") or ""))
    )


def _styled(tag: Tag) -> dict[str, str]:
    style = str(tag.get("style") or "")
    return {name.lower(): _colour(value) for name, value in _STYLE.findall(style)}


def _colour(value: str) -> str:
    """Return a colour in one form for each; "" for what is none."""
    named = (one for one in _COLOUR.findall(value.lower()) if one not in _NO_COLOURS)
    given = next(named, "")
    if given.startswith("rgb"):
        parts = _NUMBER.findall(given)[:3]
        return "#" + "".join(f"{int(part):02x}" for part in parts)
    if given.startswith("#") and len(given) < 7:
        return "#" + "".join(sign * 2 for sign in given[1:4])
    return _NAMED.get(given, given[:7] if given.startswith("#") else given)
