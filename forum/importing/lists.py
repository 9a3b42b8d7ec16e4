"""Lists and tables as other forums write them: with parts left open, and numbers of their own."""

import re

from bs4 import BeautifulSoup, Tag

_LEFT_OPEN = {"li": {"li"}, "td": {"td", "th"}, "th": {"td", "th"}}
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_STYLE_TYPES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
_ROMAN = {100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}


def close_items(soup: BeautifulSoup) -> None:
    """Put items and cells that were left open behind one another; Python's parser nests them."""
    for item in soup.find_all(["li", "td", "th"]):
        if isinstance(item.parent, Tag) and item.parent.name in _LEFT_OPEN[item.name]:
            item.parent.insert_after(item.extract())
    for row in soup.find_all("tr"):
        around = row.find_parent(["tr", "table"])
        if around and around.name == "tr":
            around.insert_after(row.extract())


def number_items(soup: BeautifulSoup) -> None:
    """Give each item of a numbered list its number as `value`, as a browser would count."""
    for numbered in soup.find_all("ol"):
        items = numbered("li", recursive=False)
        counts_down = numbered.has_attr("reversed")
        number = _number(numbered, "start", len(items) if counts_down else 1)
        for item in items:
            number = _number(item, "value", number)
            item["value"] = str(number)
            number = max(0, number - 1) if counts_down else number + 1
    for item in soup.select(":not(ol) > li[value]"):
        del item["value"]


def letter_items(soup: BeautifulSoup) -> None:
    """Write the letters of a list that counts a, b, c, as Markdown only counts in numbers.

    Others refer to them: "I would do b)". Such a list becomes one with dots.
    """
    for lettered in soup.find_all("ol"):
        kind = _list_type(lettered)
        if kind is None:
            continue
        lettered.name = "ul"
        for item in lettered("li", recursive=False):
            sign = _sign(int(str(item.attrs.pop("value"))), kind)
            says = (one for one in item.children if isinstance(one, Tag) or str(one).strip())
            first = next(says, item)
            inside = first if isinstance(first, Tag) and first.name == "p" else item
            inside.insert(0, f"{sign}. ")


def _list_type(tag: Tag) -> str | None:
    for declaration in str(tag.get("style", "")).lower().split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in {"list-style", "list-style-type"}:
            for word in value.split():
                if word in _STYLE_TYPES:
                    return _STYLE_TYPES[word]
    given = str(tag.get("type", ""))
    return given if given in {"a", "A", "i", "I"} else None


def _sign(number: int, kind: str) -> str:
    """Return a number in letters or Roman numerals; in digits where there is no such sign."""
    sign = ""
    if kind in "iI" and 0 < number < 400:
        for value, letters in _ROMAN.items():
            sign += letters * (number // value)
            number %= value
    elif kind in "aA" and number > 0:
        while number:
            number, letter = divmod(number - 1, 26)
            sign = chr(ord("a") + letter) + sign
    return (sign.upper() if kind.isupper() else sign) or str(number)


def _number(tag: Tag, attribute: str, otherwise: int) -> int:
    given = str(tag.get(attribute, ""))
    return int(given) if _WHOLE_NUMBER.fullmatch(given) else otherwise
