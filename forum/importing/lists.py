"""Lists as other forums write them: with items left open, and with numbers of their own."""

import re

from bs4 import BeautifulSoup, Tag

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


def close_items(soup: BeautifulSoup) -> None:
    """Put items that were left open behind one another; Python's parser nests them."""
    for item in soup.find_all("li"):
        if isinstance(item.parent, Tag) and item.parent.name == "li":
            item.parent.insert_after(item.extract())


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
