"""Nobody is led to a refusal: every link on every page that a role can open leads on."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.identity import public_ids
from forum.core import db
from forum.groups import service as groups
from tests.support import factories
from tests.support.permissions import matrix_world
from tests.support.permissions.matrix_world import ROLES

HREF = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
# Fragments are the same for everyone; style sheets show what is for some to those alone.
FOR_SOME = re.compile(
    r'<(span|div) class="(?:only|not)-[^"]*">.*?</\1>'
    r'|<a\b[^>]*\bclass="[^"]*\b(?:only|not)-.*?</a>',
    re.DOTALL,
)
NUMBERS = re.compile(r"\d+|[0-9a-f]{16}")
# Any name behind an @ is a link: one that only members had would tell who is one (docs/writing.md).
NAMED = "/members/@"
LOGIN = 401
ALIKE = 4  # how many addresses of one form are followed


def crawl(client: FlaskClient, *starts: str) -> Iterator[tuple[str, str, int]]:
    """Follow every link from these pages on; yield where it was, where it leads, what came."""
    waiting = [("", start) for start in starts]
    seen, forms = set(starts), dict[str, int]()
    while waiting:
        source, path = waiting.pop(0)
        answer = client.get(path)
        yield source, path, answer.status_code
        if answer.mimetype != "text/html":
            continue
        links = HREF.findall(FOR_SOME.sub("", answer.text))
        if answer.location and answer.location.startswith("/"):
            links.append(answer.location.partition("#")[0])
        for link in map(unescape, links):
            form = NUMBERS.sub("N", link)
            if link in seen or forms.get(form, 0) >= ALIKE or link.startswith((NAMED, "/static")):
                continue
            forms[form] = forms.get(form, 0) + 1
            seen.add(link)
            waiting.append((path, link))


@pytest.mark.parametrize("state", ["visible", "hidden"])
@pytest.mark.parametrize("kind", ["readable_by_all", "approval"])
@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_to_a_refusal(app: Flask, role: str, kind: str, state: str) -> None:
    if db.engine().dialect.name != "sqlite":
        pytest.skip("pages link alike on both")
    world = matrix_world.silent(app, kind, state)
    found = list(crawl(world.client(role), "/", "/groups", f"/threads/{world.thread_id}"))
    wrong = [
        f"{source} -> {path}: {status}"
        for source, path, status in found
        if source and status >= 400 and not (role == "visitor" and status == LOGIN)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(found) > 3


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
