"""A clock that a test moves, and people who read in a studied group by it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.research.recording import reading
from forum.research.recording.reading import ReadingReport
from forum.research.recording.reading_rows import Page
from forum.threads.posts.post_creation import PostRef
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import StudyWorld

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class MovedClock:
    """The hands of the only clock that the forum asks."""

    at: datetime = BEGAN

    def forward(self, seconds: float) -> None:
        """Let time pass; less than none sets the clock back."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture(name="hands")
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """Return the clock's hands; nothing moves them but the test."""
    made = MovedClock()
    monkeypatch.setattr(clock, "now", lambda: made.at)
    return made


@dataclass
class Reader:
    """A participant, and a thread of the studied group."""

    room: StudyWorld
    me: Viewer
    place: PostRef
    hands: MovedClock
    pages: list[Page] = field(default_factory=list)

    def open(self) -> Page:
        """Open a page of the thread. Raises AssertionError where nothing is measured."""
        page = reading.open_page(self.me.id or 0, self.room.group_id, self.place.thread_id)
        assert page is not None
        self.pages.append(page)
        return page

    def tell(self, page: Page, high: float, low: float | None = None, posts: str = "") -> None:
        """Say for how many seconds a page has been read."""
        least = high if low is None else low
        reading.report_reading(
            self.me, page, ReadingReport(round(least * 1000), round(high * 1000), posts)
        )

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return what is recorded of one kind."""
        return [row for row in self.room.rows(self.me) if row["kind"] == kind]

    def seconds(self, kind: str = "thread_read") -> list[tuple[float | None, float | None]]:
        """Return the lengths recorded of one kind, at least and at most."""
        return [(row["seconds_low"], row["seconds_high"]) for row in self.rows(kind)]


def reader(hands: MovedClock, room: StudyWorld | None = None) -> Reader:
    """Return someone who agreed to be recorded, in front of a thread with one post."""
    room = room or study_world.study()
    me = room.member()
    room.agree(me)
    place = factories.thread(room.member(), room.group_id)
    hands.forward(1)
    return Reader(room, me, place, hands)
