"""Pages that refuse: a way in for visitors, and nothing that was written is lost."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core.web import responses
from tests.support import factories
from tests.support.worlds.group_world import HIDDEN, OPEN, World, post, world

TEMPLATES = Path(__file__).parents[4] / "templates"
WORDS = "First line\n\n<b>& the second</b>"
SHOWN = "First line\n\n&lt;b&gt;&amp; the second&lt;/b&gt;"


@pytest.fixture
def made(app: Flask) -> World:
    """Return everybody and everything."""
    return world(app)


def main_of(page: str) -> str:
    """Return what a page says between its header and its footer."""
    return page.split("<main")[1].split("</main>", maxsplit=1)[0]


def written(page: str) -> str | None:
    """Return what a page gives back of what was sent."""
    found = re.search(
        r'<textarea[^>]* id="written"[^>]* readonly[^>]*>\n(.*?)\n</textarea>', page, re.DOTALL
    )
    return found[1] if found else None


def test_visitors_are_shown_the_way_in(made: World) -> None:
    thread = factories.thread(made.who("member"), made.groups[OPEN]).thread_id
    visitor = made.browser("visitor")
    for path, status in (
        (f"/threads/{thread}?page=1", 404),
        (f"/groups/{HIDDEN}", 404),
        ("/threads/999999", 404),
        ("/account", 401),
    ):
        answer = visitor.get(path)
        assert answer.status_code == status, path
        back = path.replace("?", "%3F").replace("=", "%3D")
        assert f'href="/login?next={back}"' in main_of(answer.text)
        assert 'href="/groups"' in main_of(answer.text)
    assert "/login" not in main_of(visitor.get("/nowhere").text)


def test_who_has_no_account_reads_what_it_takes(made: World) -> None:
    page = main_of(made.browser("visitor").get("/notifications").text)
    assert "you only need a username and a password" in page
    assert 'href="/register?next=/notifications"' in page


def test_sign_up_while_reading_a_thread_leads_back_to_it(made: World) -> None:
    group = factories.group(readable_by_all=True)
    place = factories.thread(factories.join(factories.person(), group), group)
    page = main_of(made.browser("visitor").get(f"/threads/{place.thread_id}").text)
    assert f'href="/register?next=/threads/{place.thread_id}"' in page


def test_who_is_logged_in_is_not_asked_to_log_in(made: World) -> None:
    thread = factories.thread(made.who("member"), made.groups[HIDDEN]).thread_id
    page = main_of(made.browser("outsider").get(f"/threads/{thread}").text)
    assert "/login" not in page
    assert 'href="/groups"' in page


def test_a_refused_reply_is_given_back(made: World) -> None:
    thread = factories.thread(made.who("member"), made.groups[OPEN]).thread_id
    path = f"/threads/{thread}/replies"
    answer = post(made.browser("visitor"), path, as_json=False, body=WORDS)
    assert (answer.status_code, written(answer.text)) == (401, SHOWN)
    assert f'href="/login?next=/threads/{thread}"' in answer.text
    answer = post(made.browser("outsider"), path, as_json=False, body=WORDS)
    assert (answer.status_code, written(answer.text)) == (404, SHOWN)
    answer = made.browser("member").post(path, data={"body": WORDS})
    assert (answer.status_code, written(answer.text)) == (400, SHOWN)


def test_a_refused_thread_is_given_back_with_its_title(made: World) -> None:
    answer = made.browser("member").post(
        f"/groups/{OPEN}/threads/new", data={"title": "Hello", "body": WORDS}
    )
    assert (answer.status_code, written(answer.text)) == (400, f"Hello\n\n{SHOWN}")


def test_what_is_too_large_is_still_refused_calmly(client: FlaskClient) -> None:
    answer = client.post("/login", data={"body": "x" * 30_000_000})
    assert (answer.status_code, written(answer.text)) == (413, None)


@pytest.mark.parametrize("unheard_of", ["%00", "9" * 30])
def test_no_address_names_what_no_database_holds(app: Flask, unheard_of: str) -> None:
    administrator = app.test_client()
    factories.log_in(administrator, factories.administrator())
    asked = 0
    for rule in app.url_map.iter_rules():
        address = re.sub("<[^>]+>", unheard_of, rule.rule)
        if address != rule.rule and "GET" in (rule.methods or ()):
            assert administrator.get(address).status_code in (404, 410), address
            asked += 1
    assert asked


def test_whatever_is_written_at_length_is_given_back() -> None:
    templates = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    named = re.compile(r'\barea\("(\w+)"|<textarea[^>]* name="(\w+)"')
    names = {name or other for name, other in named.findall(templates)}
    assert len(names) > 10
    assert names <= set(responses.WRITTEN)


def test_so_is_what_is_written_in_one_line() -> None:
    templates = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    calls = re.findall(r'\bfield\("(\w+)"([^\n]*)', templates)
    names = {name for name, told in calls if "type=" not in told}
    short = {
        "handle",
        "slug",
        "code",
        "to",
        "by",
        "person",
        "address",
        "group",
        "linkage",
        "epsilon",
        "days",
        "opens_before_days",
        "closes_after_days",
    }
    assert names - short <= set(responses.WRITTEN)


def test_a_group_that_is_described_when_the_session_ends_keeps_its_words(made: World) -> None:
    path = f"/groups/{OPEN}/settings"
    answer = post(made.browser("visitor"), path, as_json=False, description=WORDS)
    assert (answer.status_code, written(answer.text)) == (401, SHOWN)
