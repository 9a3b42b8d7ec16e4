"""No page has a link that its reader may not follow, or a field that its form cannot send."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from forum.core import clock
from forum.moderation.on_call import rota
from tests.support.permissions import matrix_addresses
from tests.support.permissions.matrix_world import World, build
from tests.support.permissions.page_addresses import PAGES

ROLES = ("visitor", "member", "facilitator", "moderator_elsewhere", "administrator")
SENT = re.compile(r"[a-z][\w-]*")


def pages(world: World, role: str) -> Iterator[tuple[str, BeautifulSoup]]:
    """Yield the address and the content of each page that somebody may see."""
    client = world.client(role)
    for rule in PAGES:
        address = matrix_addresses.address(world, rule)
        answer = client.get(address, follow_redirects=True)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            yield answer.request.full_path.rstrip("?"), BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_no_link_is_offered_that_is_refused(app: Flask, role: str) -> None:
    world = build(app, "open", "visible")
    offered: dict[str, str] = {}
    for address, page in pages(world, role):
        for post in page.select("article.post, article.message"):
            post.decompose()  # the same for everyone: style sheets say what each reader sees
        for link in page.select("a[href]"):
            to = urljoin(address, str(link["href"])).split("#")[0]
            if to.startswith("/") and not link.find_parent(attrs={"hidden": True}):
                offered.setdefault(to, address)
    client = world.client(role)
    refused = {
        to: (at, status)
        for to, at in offered.items()
        if (status := client.get(to, follow_redirects=True).status_code) >= 400
    }
    assert len(offered) > 15
    assert not refused


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_field_can_be_sent(app: Flask) -> None:
    world = build(app, "open", "visible")
    rota.take_shift(world.people["facilitator"], world.group_id, clock.now(), 2, "Quiet so far")
    fields = [
        (address, str(field["name"]))
        for role in ROLES
        for address, page in pages(world, role)
        for field in page.select("form [name]")
    ]
    assert len(fields) > 100
    assert not [one for one in fields if not SENT.fullmatch(one[1])]
