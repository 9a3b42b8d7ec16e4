"""Notifications through HTTP and sockets."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core.realtime.socket_events import socketio
from forum.core.web import private_ids
from forum.threads import service as threads
from tests.support import factories as make

JSON = {"Accept": "application/json"}


class Told:
    """A member with one unread line, in her browser."""

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.browser = app.test_client()
        group = make.group()
        self.me = make.join(make.person("readerx"), group)
        self.other = make.join(make.person("wrenx"), group)
        self.place = make.thread(self.me, group, title="The long nights")
        make.log_in(self.browser, self.me)
        self.reply = make.post(
            self.other, self.place.thread_id, body="secretwords", content_note="grief"
        )

    def unread(self) -> int:
        """Return the count that JSON gives."""
        answer = self.browser.get("/notifications", headers=JSON).json
        assert answer is not None
        return int(answer["unread"])


@pytest.fixture
def told(app: Flask) -> Told:
    """Return a member who has been told something."""
    return Told(app)


def test_visitors_are_asked_to_log_in(client: FlaskClient) -> None:
    assert client.get("/notifications").status_code == 401
    for address in (f"/notifications/{private_ids.of(n)}" for n in (1, 2)):
        assert client.get(address).status_code == 401
        assert client.get(f"{address}/open").status_code == 401


def test_the_page_shows_the_note_and_never_the_words(told: Told) -> None:
    page = told.browser.get("/notifications").text
    assert "wrenx" in page
    assert "replied in “The long nights”" in page
    assert "Content note: grief" in page
    assert "secretwords" not in page


def test_json_has_the_public_shape(told: Told) -> None:
    answer = told.browser.get("/notifications", headers=JSON).json
    assert answer is not None
    (line,) = answer["notifications"]
    wanted = {
        "id",
        "type",
        "actor",
        "thread_id",
        "post_id",
        "title",
        "content_note",
        "created_at",
        "read",
    }
    assert wanted <= set(line)
    assert (line["type"], line["post_id"], line["read"]) == ("reply", told.reply.id, False)
    assert answer["unread"] == 1


def test_following_a_line_reads_it_and_leads_to_the_post(told: Told) -> None:
    line = told.browser.get("/notifications", headers=JSON).json["notifications"][0]  # type: ignore[index]
    answer = told.browser.get(f"/notifications/{line['id']}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/posts/{told.reply.id}"
    assert told.unread() == 0


def test_an_email_opens_a_line_and_leaves_it_unread(told: Told, app: Flask) -> None:
    line = told.browser.get("/notifications", headers=JSON).json["notifications"][0]  # type: ignore[index]
    answer = told.browser.get(f"/notifications/{line['id']}/open")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/posts/{told.reply.id}")
    assert told.unread() == 1
    make.log_in(elsewhere := app.test_client(), told.other)
    assert elsewhere.get(f"/notifications/{line['id']}/open").headers["Location"] == (
        "/notifications"
    )


@pytest.mark.parametrize("form", [{}, {"id": "own"}])
def test_lines_are_marked_as_read(told: Told, form: dict[str, str]) -> None:
    line = told.browser.get("/notifications", headers=JSON).json["notifications"][0]  # type: ignore[index]
    if form:
        form = {"id": str(line["id"])}
    assert told.browser.post("/notifications/read", data=form).status_code == 303
    assert told.unread() == 0


@pytest.mark.parametrize("wrong", ["0", "x", "-1", "9" * 30, "²"])
def test_a_line_that_is_not_mine_is_not_there(told: Told, wrong: str) -> None:
    assert told.browser.post("/notifications/read", data={"id": wrong}).status_code == 404


def test_somebody_elses_line_is_not_there(told: Told, app: Flask) -> None:
    line = told.browser.get("/notifications", headers=JSON).json["notifications"][0]  # type: ignore[index]
    make.log_in(elsewhere := app.test_client(), told.other)
    assert elsewhere.get(f"/notifications/{line['id']}").status_code == 404
    assert elsewhere.post("/notifications/read", data={"id": line["id"]}).status_code == 404
    assert told.unread() == 1


def test_reading_the_thread_page_reads_its_lines(told: Told) -> None:
    told.browser.get(f"/threads/{told.place.thread_id}")
    assert told.unread() == 0


def test_the_badge_follows_live(told: Told, app: Flask) -> None:
    socket = socketio.test_client(app, flask_test_client=told.browser)
    make.post(told.other, told.place.thread_id)
    threads.react(told.other, told.place.id, "hug", on=True)
    threads.react(told.other, told.place.id, "hug", on=False)
    told.browser.post("/notifications/read")
    badges = [
        message["args"][0] for message in socket.get_received() if message["name"] == "notification"
    ]
    # Another reply is in the line that is already there; a reaction is a line of its own.
    assert badges == [{"unread": n, "messages": 0} for n in (2, 1, 0)]


def test_several_replies_are_one_line(told: Told) -> None:
    make.post(told.other, told.place.thread_id)
    assert "2 new replies in “The long nights”" in told.browser.get("/notifications").text
    assert "2 new replies in “The long nights”" in told.browser.get("/").text
    told.browser.post("/notifications/read")
    assert "2 replies in “The long nights”" in told.browser.get("/notifications").text


def test_a_long_list_has_pages(told: Told) -> None:
    for _ in range(30):
        make.post(told.other, told.place.thread_id, body="@readerx")
    first = told.browser.get("/notifications", headers=JSON).json
    second = told.browser.get("/notifications?page=2", headers=JSON).json
    assert first is not None
    assert second is not None
    # The line about the thread is the oldest, but the latest reply is in it.
    kinds = [line["type"] for line in first["notifications"]]
    assert kinds == ["mention", "reply", *["mention"] * 28]
    assert [line["type"] for line in second["notifications"]] == ["mention"]
    assert told.browser.get("/notifications?page=99").status_code == 200


def test_a_line_is_read_on_the_page_that_shows_it_also_below_an_answer(told: Told) -> None:
    at = f"/threads/{told.place.thread_id}"
    told.browser.post(f"{at}/replies", data={"body": "Thank you."})
    assert told.unread() == 1
    told.browser.get(at)
    assert told.unread() == 0
