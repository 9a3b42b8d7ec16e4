"""Every page, for each reader: valid HTML, and people's words in a direction of their own.

Each page is loaded once for all that is asked of it. Labels, links and readers would be led to the
wrong place by an id that is there twice, and a field whose name cannot be sent says nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator

import html5lib
import pytest
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from flask import Flask
from html5lib.html5parser import ParseError

from forum.core import clock
from forum.core.web.robots import INDEXED
from forum.moderation.on_call import rota
from tests.support.permissions.matrix_world import build
from tests.support.permissions.whole_pages import ROLES, pages
from tests.support.worlds.words_right_to_left import WORD, write_in_arabic

SENT = re.compile(r"[a-z][\w-]*")
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
# What has no direction of its own, and what people see apart from anything else.
ALONE = {"script", "style"}


def invalid(page: str) -> str:
    """Return what a strict parser says against a page."""
    try:
        html5lib.HTMLParser(strict=True).parse(page)
    except ParseError as error:
        return str(error)
    return ""


def repeated_ids(page: BeautifulSoup) -> list[str]:
    """Return the ids that several elements have."""
    ids = Counter(one["id"] for one in page.find_all(id=True))
    return [f"id {one}, {times} times" for one, times in ids.items() if times > 1]


def fields(page: BeautifulSoup) -> list[str]:
    """Return the names of all fields in forms."""
    return [str(one["name"]) for one in page.select("form [name]")]


def without_direction(page: BeautifulSoup) -> Iterator[str]:
    """Yield people's words that run as the page does, whatever script they are in."""
    for words in page.find_all(string=re.compile(WORD)):
        assert isinstance(words, NavigableString)
        around = [one for one in words.parents if isinstance(one, Tag)]
        if around[0].name in ALONE or any(
            one.name == "bdi" or one.get("dir") == "auto" for one in around
        ):
            continue
        if WORD in ISOLATED.sub("", words):
            yield f"<{around[0].name}> {words.strip()[:70]}"


def says_what_it_is(address: str, told: BeautifulSoup) -> bool:
    """Whether a page says of itself what search engines may know of it."""
    listed = address in INDEXED
    described = told.select("meta[name=description]")
    hidden = told.select("meta[name=robots][content=noindex]")
    return (
        bool(described) == listed
        and bool(hidden) != listed
        and not told.select("meta[property^='og:'], meta[name^='twitter:']")
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_valid_and_isolates_peoples_words(app: Flask, role: str) -> None:
    world = build(app, "open", "visible")
    rota.take_shift(world.people["facilitator"], world.group_id, clock.now(), 2, "Quiet so far")
    write_in_arabic()
    wrong, found, sent = list[str](), 0, list[str]()
    for address, page in pages(world, role):
        found += WORD in page
        read = BeautifulSoup(page, "html.parser")
        sent += (names := fields(read))
        here = [f"{name} cannot be sent" for name in names if not SENT.fullmatch(name)]
        if error := invalid(page):
            here.append(error)
        if re.search(r"<[a-z][^>]*\sstyle=", page):
            here.append("a style of its own")
        if not says_what_it_is(address, read):
            here.append("says nothing to search engines, or too much")
        here += [*repeated_ids(read), *without_direction(read)]
        wrong += [f"{address}: {one}" for one in here]
    assert found > 3
    assert len(sent) > 20
    assert not wrong, "\n".join(wrong)
