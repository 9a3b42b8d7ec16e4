"""Lists and tables as other forums write them: with parts left open, and numbers of their own."""

import re

from bs4 import BeautifulSoup, Tag

_LEFT_OPEN = {"li": {"li"}, "td": {"td", "th"}, "th": {"td", "th"}}
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


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


def _number(tag: Tag, attribute: str, otherwise: int) -> int:
    given = str(tag.get(attribute, ""))
    return int(given) if _WHOLE_NUMBER.fullmatch(given) else otherwise
