"""Who looked at what others do not see: one row for each person, thing and hour, and no more."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.exc import DBAPIError

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.realtime.socket_events import socketio
from forum.moderation.actions import service
from forum.moderation.audit_log import csv_export
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import ONLY_ACCESSES, WITH_ACCESSES, LogFilter
from forum.moderation.models import AccessLogEntry
from forum.moderation.queue import queries as queue_queries
from forum.moderation.reports import service as reports
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds.meeting_room import Meeting, hide
from tests.support.worlds.moderation_world import ModerationWorld, moderation_world


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    made = moderation_world()
    service.take_action(made[1]["facilitator"], "hide", made[2].id)
    return made


def browser(app: Flask, viewer: Viewer) -> Any:
    client = app.test_client()
    make.log_in(client, viewer)
    return client


def looks() -> list[tuple[Any, ...]]:
    """Return who looked at what, oldest first."""
    db.release_session()
    rows = select(
        AccessLogEntry.by_id,
        AccessLogEntry.reason,
        AccessLogEntry.target_kind,
        AccessLogEntry.target_id,
    ).order_by(AccessLogEntry.id)
    return [tuple(row) for row in db.current_session().execute(rows)]


@pytest.fixture
def writes(app: Flask) -> Iterator[list[str]]:
    """Return what is written while the test runs."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "access_log_entries" in statement or statement.startswith("BEGIN IMMEDIATE"):
            seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_page_that_shows_hidden_words_is_an_access(
    app: Flask, room: ModerationWorld, accept: str
) -> None:
    _, people, place = room
    for name in ("moderator", "second", "author", "member"):
        client = browser(app, people[name])
        for _ in range(2):
            client.get(f"/threads/{place.thread_id}", headers={"Accept": accept})
    assert looks() == [
        (people["moderator"].id, "hidden", "post", place.id),
        (people["second"].id, "hidden", "post", place.id),
    ]


def test_an_hour_later_it_is_another_access(
    app: Flask, room: ModerationWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, people, place = room
    client = browser(app, people["moderator"])
    client.get(f"/threads/{place.thread_id}")
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    client.get(f"/threads/{place.thread_id}")
    assert len(looks()) == 2


def test_the_pages_of_members_write_no_looks(
    app: Flask, room: ModerationWorld, writes: list[str]
) -> None:
    _, people, place = room
    make.post(people["member"], place.thread_id)
    del writes[:]
    for name in ("author", "member"):
        browser(app, people[name]).get(f"/threads/{place.thread_id}")
    assert not [words for words in writes if "access_log_entries" in words]


def test_every_way_to_hidden_words_is_an_access(app: Flask, room: ModerationWorld) -> None:
    group, people, place = room
    make.post(people["member"], place.thread_id, body="An answer")
    threads.edit_post(people["author"], place.id, body="Other words")
    service.take_action(people["facilitator"], "review", place.thread_id)
    held = make.post(people["member"], place.thread_id, body="Waiting words")
    reports.report(people["author"], "member", people["member"].id or 0, reason="other")
    entries = {
        (one.kind, one.target_id): one.id for one in queue_queries.open_items(people["moderator"])
    }
    me = people["moderator"]
    socket = socketio.test_client(app, flask_test_client=browser(app, me))
    joined = {"thread_id": place.thread_id, "after": 0}
    client = browser(app, me)
    client.post(f"/posts/{place.id}/bookmark", data={"on": "1"})
    doors: dict[str, Callable[[], Any]] = {
        "catch-up": lambda: socket.emit("thread:join", joined, callback=True),
        "history": lambda: client.get(f"/posts/{place.id}/history"),
        "crisis": lambda: client.get(f"/safety/crisis?post={place.id}"),
        "actions": lambda: client.get(
            f"/moderation/actions/new?target_kind=post&id={place.id}&action=edit"
        ),
        "quote": lambda: client.get(f"/threads/{place.thread_id}?page=2&quote={place.id}"),
        "entry": lambda: client.get(f"/moderation/queue/{entries['pending_post', held.id]}"),
    }
    seen = {}
    for name, door in doors.items():
        with db.transaction() as session:
            before = session.scalar(select(func.max(AccessLogEntry.id))) or 0
            session.execute(update(AccessLogEntry).values(by_id=None))  # so it can be seen again
        door()
        db.release_session()
        rows = (
            select(AccessLogEntry.reason, AccessLogEntry.target_id)
            .where(AccessLogEntry.id > before)
            .order_by(AccessLogEntry.reason)
        )
        seen[name] = {tuple(row) for row in db.current_session().execute(rows)}
    hidden, waiting = ("hidden", place.id), ("held", held.id)
    assert seen == {
        "catch-up": {hidden, waiting},
        "history": {("earlier", place.id)},
        "crisis": {hidden},
        "actions": {hidden},
        "quote": {hidden, waiting},
        "entry": {hidden, waiting},
    }
    assert group


def test_rooms_and_what_a_report_keeps(app: Flask) -> None:
    room = Meeting.made().opened()
    first, said = room.say(room.members[1], "Before"), room.say(room.members[0], "Unkind")
    reports.report(room.members[1], "room_message", said, reason="unkind")
    hide(room.fern, said)
    for viewer in (room.members[1], room.members[0], room.fern):
        client = browser(app, viewer)
        client.get(f"/meetings/{room.id}/room")
        socket = socketio.test_client(app, flask_test_client=client)
        for after in (0, 1):
            socket.emit("meeting:join", {"meeting_id": room.id, "after": after}, callback=True)
    assert looks() == [(room.fern.id, "hidden", "room_message", said)]
    db.release_session()
    item = next(one for one in queue_queries.open_items(room.moss) if one.kind == "report")
    browser(app, room.moss).get(f"/moderation/queue/{item.id}")
    assert looks()[1:] == [
        (room.moss.id, "kept", "room_message", first),
        (room.moss.id, "kept", "room_message", said),
    ]


def test_accesses_are_searched_filtered_and_exported_with_actions(
    app: Flask, room: ModerationWorld
) -> None:
    _, people, place = room
    client = browser(app, people["moderator"])
    client.get(f"/threads/{place.thread_id}")
    second, db_done = people["second"], db.release_session

    def actions(**wanted: str) -> list[str]:
        db_done()
        return [row.action for row in log.find(second, LogFilter(**wanted))]

    assert actions() == ["hide"]
    assert actions(accesses=WITH_ACCESSES) == ["access_hidden", "hide"]
    assert actions(accesses=ONLY_ACCESSES) == actions(action="access_hidden") == ["access_hidden"]
    assert actions(accesses=ONLY_ACCESSES, by=people["moderator"].handle) == ["access_hidden"]
    for nothing in ({"by": "nobody"}, {"words": "x"}, {"until": "2001-01-01"}, {"action": "hide"}):
        assert actions(accesses=ONLY_ACCESSES, **nothing) == []
    made = b"".join(csv_export.as_csv(second, LogFilter(accesses=WITH_ACCESSES))).decode()
    assert "access_hidden" in made
    assert people["moderator"].handle in made
    page = browser(app, second).get("/moderation/log?looks=with").text
    assert "Hidden content was opened" in page
    assert "Hidden content was opened" not in (browser(app, second).get("/transparency").text)


def test_who_sees_looks(app: Flask, room: ModerationWorld) -> None:
    group, people, place = room
    for name in ("moderator", "second"):
        browser(app, people[name]).get(f"/threads/{place.thread_id}")
    own = threads.start_thread(people["second"], group, title="A title", body="Words of a second")
    with db.transaction():
        threads.hide_post(people["moderator"], own.id)
    browser(app, people["moderator"]).get(f"/threads/{own.thread_id}")
    elsewhere = make.join(make.person(), make.group(), "moderator")
    counts = {}
    for name, viewer in {**people, "elsewhere": elsewhere}.items():
        if name in {"author", "member"}:
            assert browser(app, viewer).get("/moderation/log?looks=only").status_code == 403
            continue
        db.release_session()
        counts[name] = len(log.find(viewer, LogFilter(accesses=ONLY_ACCESSES)))
    # The second does not read who looked at words of theirs.
    assert counts == {
        "facilitator": 3,
        "moderator": 3,
        "second": 2,
        "administrator": 3,
        "elsewhere": 0,
    }


def test_access_log_entries_cannot_be_changed_or_deleted(app: Flask, room: ModerationWorld) -> None:
    _, people, place = room
    browser(app, people["moderator"]).get(f"/threads/{place.thread_id}")
    for change in (
        update(AccessLogEntry).values(by_id=people["second"].id),
        update(AccessLogEntry).values(reason="held"),
        update(AccessLogEntry).values(target_id=1_000),
        delete(AccessLogEntry),
    ):
        with pytest.raises(DBAPIError), db.transaction() as session:
            session.execute(change)
    assert len(looks()) == 1
