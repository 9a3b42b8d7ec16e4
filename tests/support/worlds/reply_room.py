"""Three people in a thread, of whom one is notified of the others' replies."""

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import db
from forum.notifications import queries
from forum.notifications.queries import NotificationView
from forum.threads.reader import reader_state
from tests.support import factories as make
from tests.support import notification_badge


class ReplyRoom:
    """A group in which ann has started a thread; ben and cat answer."""

    def __init__(self) -> None:
        self.group = make.group()
        self.ann, self.ben, self.cat = (make.join(make.person(), self.group) for _ in range(3))
        self.place = make.thread(self.ann, self.group, title="Sleepless")
        self.thread = self.place.thread_id

    def reads(self, number: int) -> None:
        """Let ann read up to a post, and write that."""
        reader_state.record_read(self.ann.id or 0, self.thread, number)
        reader_state.write_positions()


@pytest.fixture
def room(app: Flask) -> ReplyRoom:
    """Return a room with people in it."""
    return ReplyRoom()


def lines(viewer: Viewer, *, read: bool = False) -> list[NotificationView]:
    """Return somebody's lines about replies; the badge counts the same."""
    db.release_session()
    found = queries.lines(viewer)
    assert notification_badge.unread(viewer.id or 0) == len(
        [line for line in found if not line.read]
    )
    return [line for line in found if line.type == "reply" and line.read == read]


def only(viewer: Viewer) -> NotificationView:
    """Return the one unread line."""
    (line,) = lines(viewer)
    return line
