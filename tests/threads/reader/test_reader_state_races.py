"""Who writes while somebody erases or renames themselves, or joins threads."""

from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.background import periodic
from forum.notifications import service as notices
from forum.privacy import service as privacy
from forum.threads import queries, service
from forum.threads.lists import thread_lists
from forum.threads.posts import moderator_edits, post_contents
from forum.threads.posts.post_creation import PostRef
from forum.threads.reader import reader_state
from forum.threads.reader.read_ranges import Position
from forum.threads.restructuring import split_merge
from tests.support import factories
from tests.support.notification_badge import unread as badge
from tests.support.worlds.thread_people import group, opening, owl, robin, wren

__all__ = ["group", "opening", "owl", "robin", "wren"]
PASSWORD = "quite a long one"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let work wait as it does in the server."""
    waiting: list[Any] = []
    monkeypatch.setattr(periodic, "soon", lambda _seconds, _key, work: waiting.append(work))
    return waiting


def reads_and_goes(group_id: int, place: PostRef) -> None:
    """Somebody reads a thread, and erases themselves before that is written."""
    gone = factories.join(factories.person(password=PASSWORD), group_id)
    reader_state.record_read(gone.id or 0, place.thread_id, place.number or 0)
    privacy.erase_myself(gone, posts=privacy.KEEP, password=PASSWORD, confirmed=True)


def unread(viewer: Viewer, group_id: int, thread_id: int) -> int:
    """Return how many posts of a thread are new to somebody."""
    db.release_session()
    rows = thread_lists.threads_of(viewer, group_id, 1)
    return next(int(row.unread) for row in rows if row.id == thread_id)


def test_who_leaves_takes_no_read_positions_of_others_along(
    opening: PostRef, wren: Viewer, robin: Viewer, group: int, later: list[Any]
) -> None:
    reader_state.follow(robin, opening.thread_id, on=True)
    said = service.post_reply(wren, opening.thread_id, body="Are you there?")
    reader_state.record_read(robin.id or 0, opening.thread_id, said.number or 0)
    reads_and_goes(group, opening)
    assert (unread(robin, group, opening.thread_id), badge(robin.id or 0)) == (2, 1)
    reader_state.write_positions()
    assert (unread(robin, group, opening.thread_id), badge(robin.id or 0)) == (0, 0)


def test_who_goes_is_in_nobodys_way(
    app: Flask, client: FlaskClient, opening: PostRef, robin: Viewer, group: int, later: list[Any]
) -> None:
    factories.log_in(client, robin)
    page = client.get(f"/threads/{opening.thread_id}")
    assert page.status_code == 200
    reads_and_goes(group, opening)
    slug = thread_lists.threads_of(robin, group, 1)[0].group_slug
    assert client.get(f"/groups/{slug}").status_code == 200
    assert unread(robin, group, opening.thread_id) == 0


def test_read_positions_and_merges_do_not_deadlock(
    opening: PostRef, wren: Viewer, robin: Viewer, owl: Viewer, group: int, later: list[Any]
) -> None:
    other = factories.thread(wren, group)
    reader, joined = robin.id or 0, (opening.thread_id, other.thread_id)
    reader_state.follow(robin, opening.thread_id, on=True)
    for account_id, thread_id in ((reader, joined[0]), (owl.id or 0, joined[1])):
        reader_state.record_read(account_id, thread_id, 1)
    written: list[str] = []

    def write() -> None:
        reader_state.write_positions()
        db.release_session()
        written.append("yes")

    db.release_session()
    writing = Thread(target=write)
    with db.transaction() as session:
        moderator_edits.lock_threads(session, joined)
        writing.start()
        writing.join(0.3)  # it waits, and must have nothing yet that this transaction needs
        reader_state.follow_after_posting(reader, joined[0], 1)
    writing.join()
    assert written == ["yes"]
    assert unread(robin, group, joined[0]) == unread(owl, group, joined[1]) == 0


def test_what_was_read_before_threads_are_joined_hides_nothing_afterwards(
    opening: PostRef, wren: Viewer, robin: Viewer, owl: Viewer, group: int, later: list[Any]
) -> None:
    newer = factories.thread(wren, group)
    service.post_reply(wren, newer.thread_id, body="Nobody has read this")
    last = service.post_reply(wren, opening.thread_id, body="Robin has read this")
    reader_state.record_read(robin.id or 0, opening.thread_id, last.number or 0)
    split_merge.merge_threads(owl, opening.thread_id, newer.thread_id)
    db.release_session()
    assert post_contents.load_contents([last.id])[0].number == 4
    reload_version = queries.thread_for(robin, opening.thread_id).reload_version
    assert (
        reader_state.unwritten_position(robin.id, opening.thread_id, reload_version) == Position()
    )
    reader_state.write_positions()
    assert unread(robin, group, opening.thread_id) == 4
    reader_state.record_read(robin.id or 0, opening.thread_id, 4, reload_version)
    reader_state.record_read(
        robin.id or 0, opening.thread_id, 5
    )  # by a page from before, a little late
    reader_state.write_positions()
    assert unread(robin, group, opening.thread_id) == 0


def test_marks_outlive_a_moment_without_a_database(
    opening: PostRef, robin: Viewer, group: int, later: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise OperationalError("select", {}, Exception("away"))

    reader_state.record_read(robin.id or 0, opening.thread_id, 1)
    with monkeypatch.context() as for_a_moment:
        for_a_moment.setattr(reader_state, "_still_valid", away)
        with pytest.raises(OperationalError):
            reader_state.write_positions()
    assert unread(robin, group, opening.thread_id) == 1
    reader_state.write_positions()
    assert unread(robin, group, opening.thread_id) == 0


def test_a_new_handle_and_replies_never_wait_in_a_circle(
    opening: PostRef, wren: Viewer, robin: Viewer
) -> None:
    """A person named in a thread is notified of replies there, and gets a new handle meanwhile."""
    service.post_reply(wren, opening.thread_id, body=f"Are you there, @{robin.handle}?")
    reader_state.follow(robin, opening.thread_id, on=True)
    notices.read(robin)
    renamed: list[str] = []

    def rename() -> None:
        accounts.change_handle(robin, "redbreast")
        db.release_session()
        renamed.append("yes")

    db.release_session()
    renaming = Thread(target=rename)
    with db.transaction() as session:
        moderator_edits.lock_threads(session, (opening.thread_id,))
        renaming.start()
        renaming.join(0.3)  # it waits, and must have nothing yet that this transaction needs
        service.post_reply(wren, opening.thread_id, body="Here I am")
    renaming.join()
    assert renamed == ["yes"]
    db.release_session()
    assert badge(robin.id or 0) == 2  # the reply, and that the handle is another
