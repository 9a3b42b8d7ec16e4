"""Pieces of pages: cached by all that they show: nobody is served another's."""

import re
from collections.abc import Iterator

import hypothesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from jinja2 import Environment, meta, nodes
from markupsafe import Markup

from forum.core.web.templating import assets, pieces
from forum.groups import service as groups
from tests.support import factories as make
from tests.support.worlds.account_forms import post_form

# What is the same in every page of a process.
OF_THE_PROCESS = {
    "asset", "config", "draw_avatar", "draw_badge", "draw_icon", "draw_moment", "draw_thread",
    "page_steps", "paper",
}  # fmt: skip


def pieces_asked_for(app: Flask) -> Iterator[tuple[str, set[str]]]:
    """Yield each piece that a template shows, with the names of what it is given there."""
    for path in assets.folder("templates").rglob("*.html"):
        parsed = app.jinja_env.parse(path.read_text())
        for call in parsed.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "piece":
                (name,) = call.args
                assert isinstance(name, nodes.Const)
                yield name.value, {given.key for given in call.kwargs}


def names_read(environment: Environment, template: str) -> set[str]:
    """Return what a template reads that it does not make itself, with those that it is made of."""
    assert environment.loader
    parsed = environment.parse(environment.loader.get_source(environment, template)[0])
    parts = [part for part in meta.find_referenced_templates(parsed) if part]
    of_parts = {name for part in parts for name in names_read(environment, part)}
    made = {name.name for name in parsed.find_all(nodes.Name) if name.ctx == "store"}
    return (meta.find_undeclared_variables(parsed) | of_parts) - made


def test_a_piece_reads_nothing_of_the_request(client: FlaskClient) -> None:
    app = client.application
    asked = [*pieces_asked_for(app), ("home/_rail.html", {"rail", "path"})]
    given: dict[str, set[str]] = {}
    for name, names in asked:
        given[name] = given.get(name, set()) | names
    assert {
        "core/_header.html",
        "core/_footer.html",
        "threads/composer/_toolbar.html",
    } < given.keys()
    for name, names in given.items():
        assert names_read(app.jinja_env, name) - names - OF_THE_PROCESS == set(), name


WORDS = st.text(alphabet="a<&>\"'é ", max_size=3)
READERS = st.fixed_dictionaries({
    "here": st.sampled_from(["/", "/groups", ""]),
    "in_account": st.booleans(),
    "reader": st.none() | WORDS | WORDS.map(Markup),
    "suspended": st.booleans(),
    "is_administrator": st.booleans(),
    "unread": st.integers(0, 102),
    "unread_messages": st.integers(0, 102),
    "token": WORDS,
    "back": WORDS,
})  # fmt: skip


def test_what_is_kept_is_what_would_be_rendered(client: FlaskClient) -> None:
    app = client.application
    header = app.jinja_env.get_template("core/_header.html")

    @hypothesis.given(st.lists(READERS, min_size=1, max_size=4))
    def try_it(readers: list[dict[str, object]]) -> None:
        with app.app_context():
            for reader in readers * 2:
                assert pieces.draw("core/_header.html", **reader) == header.render(reader)

    try_it()


def test_each_reader_has_their_own_page_frame(app: Flask) -> None:
    group = make.group()
    people = [make.join(make.person(), group), make.person(), make.person()]
    clients = [app.test_client() for _ in people]
    for client, person in zip(clients, people, strict=True):
        make.log_in(client, person)
    for path in ("/", "/groups", "/account", "/nowhere") * 2:
        for client, person in zip(clients, people, strict=True):
            page = client.get(path).text
            assert f'<span class="menu-name" dir="auto">{person.handle}</span>' in page
            assert not any(other.handle in page for other in people if other != person)
            assert len(set(re.findall(r'name="csrf_token" value="([^"]+)"', page))) == 1
            assert f'content="{person.public_id}"' in page
            assert ('class="rail"' in page) == (person == people[0])
        visitor = app.test_client().get(path).text
        assert "/logout" not in visitor
        assert 'class="rail"' not in visitor


def test_the_page_frame_follows_leaving_a_group_and_logging_out(client: FlaskClient) -> None:
    group = make.group(name="Open hearts")
    member = make.log_in(client, make.join(make.person(), group))
    assert "Open hearts" in client.get("/account").text
    groups.leave(member, group)
    assert "Open hearts" not in client.get("/account").text
    post_form(client, "/logout")
    assert member.handle not in client.get("/groups").text
