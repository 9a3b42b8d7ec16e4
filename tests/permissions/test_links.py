"""Nobody is led to a refusal: every link on every page that a role can open leads on."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forum.accounts.identity import public_ids
from forum.groups import service as groups
from tests.support import factories
from tests.support.permissions import matrix_addresses, matrix_world
from tests.support.permissions.matrix_world import ROLES
from tests.support.permissions.page_addresses import PAGES

HREF = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
# Fragments are the same for everyone; style sheets show what is for some to those alone.
FOR_SOME = re.compile(
    r'<(span|div) class="(?:only|not)-[^"]*">.*?</\1>'
    r'|<a\b[^>]*\bclass="[^"]*\b(?:only|not)-.*?</a>',
    re.DOTALL,
)
# Public ids are longer than any number, and may begin with figures.
NUMBERS = re.compile(r"\b[0-9a-f]{16,}\b|\d+")
# Any name behind an @ is a link: one that only members had would tell who is one (docs/writing.md).
NAMED = "/members/@"
LOGIN = 401
ALIKE = 4  # how many addresses of one form are followed
# Where only members read, visitors are led nowhere that asks them to log in first.
MEMBERS_ONLY = ("visitor", "member", "facilitator", "moderator_elsewhere", "administrator")
CASES = [
    *((role, kind) for kind in ("readable_by_all", "approval") for role in ROLES),
    *((role, "open") for role in MEMBERS_ONLY),
]


def crawl(client: FlaskClient, starts: list[str]) -> Iterator[tuple[str, str, int]]:
    """Open these pages and follow every link from there on.

    Yields where each link was, where it leads, and what came.
    """
    came, forms = dict[str, int](), dict[str, int]()
    waiting = list(starts)
    links = list[tuple[str, str]]()
    while waiting:
        path = waiting.pop(0)
        if path in came:
            continue
        answer = client.get(path)
        came[path] = answer.status_code
        for link in _links(answer):
            form = NUMBERS.sub("N", link)
            if link not in came and link not in waiting:
                if forms.get(form, 0) >= ALIKE:
                    continue
                forms[form] = forms.get(form, 0) + 1
                waiting.append(link)
            links.append((path, link))
    yield from ((source, path, came[path]) for source, path in links)


def _links(answer: TestResponse) -> Iterator[str]:
    if answer.mimetype != "text/html":
        return
    found = HREF.findall(FOR_SOME.sub("", answer.text))
    if answer.location and answer.location.startswith("/"):
        found.append(answer.location.partition("#")[0])
    for link in map(unescape, found):
        if not link.startswith((NAMED, "/static")):
            yield link


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # pages link alike on both
@pytest.mark.parametrize(("role", "kind"), CASES)
def test_no_link_leads_to_a_refusal(app: Flask, role: str, kind: str) -> None:
    world = matrix_world.silent(app, kind, "hidden", "visible")
    starts = ["/", "/groups", f"/threads/{world.thread_id}"]
    pages = (matrix_addresses.address(world, rule) for rule in PAGES)
    found = list(crawl(world.client(role), [*starts, *pages]))
    asked_to_log_in = role == "visitor" and kind != "open"
    wrong = {
        f"{source} -> {path}: {status}"
        for source, path, status in found
        if status >= 400 and not (asked_to_log_in and status == LOGIN)
    }
    assert not wrong, "\n".join(sorted(wrong))
    assert len(found) > 15


def test_authors_are_linked_for_whom_they_are_open(app: Flask) -> None:
    group = factories.group(readable_by_all=True)
    author, gone, reader = (factories.join(factories.person(), group) for _ in range(3))
    thread = factories.thread(author, group).thread_id
    factories.post(gone, thread)
    groups.leave(gone, group)
    named = {who.handle: f'href="/members/{public_ids.of(who.id)}"' for who in (author, gone)}
    linked = {}
    for name, person in (
        ("visitor", None),
        ("outsider", factories.person()),
        ("reader", reader),
        ("keeper", factories.administrator()),
    ):
        client = app.test_client()
        if person:
            factories.log_in(client, person)
        page = client.get(f"/threads/{thread}").text
        assert all(handle in page for handle in named)
        linked[name] = [link in page for link in named.values()]
        for link, there in zip(named.values(), linked[name], strict=True):
            status = client.get(link[6:-1]).status_code
            assert (status == 200) == there, (name, link)
    assert linked == {
        "visitor": [False, False],
        "outsider": [False, False],
        "reader": [True, False],
        "keeper": [True, True],
    }
