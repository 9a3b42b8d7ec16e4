"""The search page: its words are marked and escaped, and nothing of it is kept anywhere."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import Viewer
from forum.accounts.preferences import content_note_preferences as notes
from forum.app import create_app
from forum.search import indexing
from forum.settings.environment import Settings
from tests.support import factories as make
from tests.support.worlds.account_forms import JSON

NASTY = [
    '"', "''", "*", "NEAR(a b)", "a AND", "OR", "NOT", "( ) )", "^a", "a:b", "keys:a", "-", '-"',
    "a & | ! b", "<-> a", "':*'", "\\", "%", "_", ";drop table posts", "🫂", "\u202eevil",
    "\N{ARABIC LETTER ALEF}" * 50, "x" * 200, '"' * 200, "(" * 200, "-a " * 60, "group:", "from:@@",
    "a\u0301\u0301", "before:9999-99-99", "{}",
]  # fmt: skip


@pytest.fixture
def wren(app: Flask) -> Viewer:
    return make.join(make.person("wren"), make.group(slug="nights", name="Night Ward"))


@pytest.fixture
def client(app: Flask, wren: Viewer) -> FlaskClient:
    client = app.test_client()
    make.log_in(client, wren)
    return client


@pytest.fixture
def group_id(wren: Viewer) -> int:
    from forum.search.finding import scope

    return scope.readable_groups(wren)[0].id


def test_a_page_shows_where_words_were_said(
    client: FlaskClient, wren: Viewer, group_id: int
) -> None:
    place = make.thread(wren, group_id, title="Sleeping <b>badly</b>", body="Sleep & <i>sleep</i>")
    indexing.catch_up()
    page = client.get("/search?q=sleep").text
    assert f'href="/posts/{place.id}"' in page
    assert "<mark>Sleep</mark> &amp; " in page
    assert "<mark>Sleeping</mark> &lt;b&gt;badly&lt;/b&gt;" in page
    assert 'href="/groups/nights"' in page
    told = client.get("/search?q=sleep", headers=JSON).get_json()
    assert told["total"] == 1
    assert [post["id"] for post in told["posts"]] == [place.id]
    assert [thread["id"] for thread in told["threads"]] == [place.thread_id]


def test_no_copy_of_a_page_is_kept(client: FlaskClient) -> None:
    answer = client.get("/search?q=sleep")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_closed_note_stays_closed(client: FlaskClient, wren: Viewer, group_id: int) -> None:
    make.thread(wren, group_id, title="One", body="lantern in the dark", content_note="loss")
    indexing.catch_up()
    page = client.get("/search?q=lantern").text
    assert '<details class="search-note">' in page
    (told,) = client.get("/search?q=lantern", headers=JSON).get_json()["posts"]
    assert (told["content_note"], told["closed"], told["html"]) == ("loss", True, None)
    notes.save(wren, {"loss": notes.OPEN})
    assert '<details class="search-note">' not in client.get("/search?q=lantern").text
    robin = make.join(make.person(), group_id)
    make.log_in(client, robin)
    notes.save(robin, {"loss": notes.HIDDEN})
    page = client.get("/search?q=lantern").text
    assert "Hidden because of its content note" in page
    assert "in the dark" not in page


def test_no_sign_means_anything_to_a_database(client: FlaskClient) -> None:
    for query in NASTY:
        for more in ({}, {"order": "best", "page": "2"}):
            answer = client.get("/search", query_string={"q": query, **more})
            assert answer.status_code in {200, 422}, query


def test_a_long_query_is_given_back(client: FlaskClient) -> None:
    assert client.get("/search", query_string={"q": "x" * 10_000}).status_code == 414
    for long in ("x" * 201, " ".join(f"w{number}" for number in range(45))):
        answer = client.get("/search", query_string={"q": long})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert long.strip() in answer.text
        told = client.get("/search", query_string={"q": long}, headers=JSON)
        assert told.status_code == 422
        assert set(told.get_json()["error"]["fields"]) == {"q"}
    assert client.get("/search?q=%00").status_code == 404


def test_pages_follow_each_other(client: FlaskClient, wren: Viewer, group_id: int) -> None:
    thread = make.thread(wren, group_id, body="lantern").thread_id
    for number in range(44):
        make.post(wren, thread, body=f"lantern {number}")
    indexing.catch_up()
    for order in ("newest", "best"):
        seen: list[int] = []
        for page, more in ((1, True), (2, True), (3, False)):
            address = f"/search?q=lantern&order={order}&page={page}"
            told = client.get(address, headers=JSON).get_json()
            assert told["more"] == more
            assert told["total"] == (45 if order == "best" or not more else None)
            seen += [post["id"] for post in told["posts"]]
        assert len(set(seen)) == len(seen) == 45
    assert "That was all" in client.get("/search?q=lantern&page=4").text


def test_a_mistyped_word_is_guessed(client: FlaskClient, wren: Viewer, group_id: int) -> None:
    make.thread(wren, group_id, body="Sertraline made me dizzy")
    indexing.catch_up()
    told = client.get("/search?q=srtraline dizzzy", headers=JSON).get_json()
    assert told["posts"] == []
    assert told["suggestion"] == "sertraline dizzy"
    assert "Did you mean" in client.get("/search?q=sertraliine").text
    assert client.get("/search?q=xylophone", headers=JSON).get_json()["suggestion"] == ""


def test_others_are_found_with_words(client: FlaskClient, wren: Viewer, group_id: int) -> None:
    make.join(make.person("robinson"), group_id)
    make.person("robinhood")
    make.meeting(group_id, title="Lantern evening")
    told = client.get("/search?q=robin", headers=JSON).get_json()
    assert told["people"] == ["robinson"]
    told = client.get("/search?q=lantern", headers=JSON).get_json()
    assert [meeting["title"] for meeting in told["meetings"]] == ["Lantern evening"]
    told = client.get("/search?q=night", headers=JSON).get_json()
    assert told["groups"] == [{"slug": "nights", "name": "Night Ward"}]


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("suicide", True), ("how to kill myself", True), ("Selbstmord", True), ("suicidarme", True),
        ("I want to die", True), ("死にたいです", True), ("sleep", False), ("die Nacht", False),
    ],
)  # fmt: skip
def test_help_comes_first(app: Flask, query: str, offered: bool) -> None:
    page = app.test_client().get("/search", query_string={"q": query}).text
    main = page[page.index("<main") : page.index("</main>")]
    assert ('href="/help-now"' in main) == offered


def test_similar_threads_while_a_title_is_written(
    app: Flask, client: FlaskClient, wren: Viewer, group_id: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    make.thread(wren, group_id, title="Coming off sertraline slowly")
    make.thread(wren, group_id, title="Birthdays")
    indexing.catch_up()
    address = "/groups/nights/threads/similar"
    html = client.post(address, data={"title": "Coming off Sertraline"}, headers=JSON).get_json()
    assert "Coming off sertraline slowly" in html["html"]
    assert "Birthdays" not in html["html"]
    for title in ("", "the and", "Something else altogether"):
        assert client.post(address, data={"title": title}, headers=JSON).get_json()["html"] == ""


def test_an_empty_search_says_how_to_search(client: FlaskClient) -> None:
    page = client.get("/search").text
    assert "How to search" in page


DANGER = "I want to die. " + "I am so tired of everything. " * 8


def test_help_comes_first_whatever_else_is_said(app: Flask, settings: Settings) -> None:
    for query, status in ((DANGER, 422), (DANGER * 20, 414)):
        answer = app.test_client().get("/search", query_string={"q": query})
        assert answer.status_code == status
        assert 'data-note="unchecked"' in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert query.strip() in answer.text


def test_help_does_not_depend_on_a_limit(settings: Settings) -> None:
    client = create_app(replace(settings, rate_limits=True)).test_client()
    answers = [client.get("/search?q=want+to+die") for _ in range(41)]
    assert [answer.status_code for answer in answers] == [200] * 40 + [429]
    assert all('data-note="unchecked"' in answer.text for answer in answers)
    assert "Please wait a few minutes" in answers[-1].text
    assert client.get("/search?q=x", headers=JSON).get_json()["error"]["code"] == "too_many"


def test_each_account_is_counted_for_itself(settings: Settings) -> None:
    app = create_app(replace(settings, rate_limits=True))
    wren, robin = app.test_client(), app.test_client()
    for client in (wren, robin):
        make.log_in(client, make.person())
    assert [wren.get("/search?q=x").status_code for _ in range(41)][-1] == 429
    assert robin.get("/search?q=x").status_code == 200
    assert app.test_client().get("/search?q=x").status_code == 200
