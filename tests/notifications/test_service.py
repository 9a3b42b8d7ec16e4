"""Who is notified of what, and who is not."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.groups import service as groups
from forum.notifications import queries, registry, service
from forum.threads import service as threads
from forum.threads.reader import reader_state
from tests.support import factories as make
from tests.support import notification_badge

pytestmark = pytest.mark.usefixtures("app")


class Room:
    """A group in which ann has started a thread that ben has answered; both watch it."""

    def __init__(self) -> None:
        self.group = make.group()
        self.ann, self.ben, self.cat = (
            make.join(make.person(handle), self.group) for handle in ("annx", "benx", "catx")
        )
        self.place = make.thread(self.ann, self.group, title="Sleepless")
        self.thread = self.place.thread_id
        make.post(self.ben, self.thread)
        service.read(self.ann)


@pytest.fixture
def room(app: Flask) -> Room:
    """Return a room with people in it."""
    return Room()


def notifications_of(viewer: Viewer) -> list[tuple[str, str | None]]:
    """Return kind and actor of somebody's unread lines."""
    return [(line.type, line.actor) for line in queries.lines(viewer) if not line.read]


def number(viewer: Viewer) -> int:
    """Return the unread count."""
    assert viewer.id is not None
    return notification_badge.unread(viewer.id)


def test_watchers_are_notified_of_a_reply_and_its_author_is_not(room: Room) -> None:
    make.post(room.cat, room.thread)
    assert notifications_of(room.ann) == notifications_of(room.ben) == [("reply", "catx")]
    assert notifications_of(room.cat) == []
    assert number(room.ann) == 1


def test_a_mention_wins_over_a_reply(room: Room) -> None:
    outsider = make.person("outsiderx")
    make.post(room.cat, room.thread, body="Thank you @annx, and @catx, and @outsiderx")
    assert notifications_of(room.ann) == [("mention", "catx")]
    assert notifications_of(room.ben) == [("reply", "catx")]
    assert notifications_of(room.cat) == notifications_of(outsider) == []


def test_a_reader_who_unfollowed_is_not_notified(room: Room) -> None:
    reader_state.follow(room.ann, room.thread, on=False)
    make.post(room.cat, room.thread)
    assert notifications_of(room.ann) == []


def test_reactions_to_one_post_are_one_line_until_taken_back(room: Room) -> None:
    threads.react(room.ben, room.place.id, "hug", on=True)
    threads.react(room.cat, room.place.id, "hug", on=True)
    threads.react(room.cat, room.place.id, "me_too", on=True)
    (line,) = [line for line in queries.lines(room.ann) if not line.read]
    assert (line.type, line.actor, line.others) == ("reaction", "catx", 1)
    assert number(room.ann) == 1
    threads.react(room.cat, room.place.id, "hug", on=False)
    assert notifications_of(room.ann) == [("reaction", "catx")]
    threads.react(room.cat, room.place.id, "me_too", on=False)
    assert notifications_of(room.ann) == [("reaction", "benx")]


@pytest.mark.parametrize("apart", [accounts.mute, accounts.block])
def test_muted_and_blocked_people_cause_no_notifications(room: Room, apart: object) -> None:
    apart(room.ann, room.cat.id)  # type: ignore[operator]
    make.post(room.ben, room.thread)
    reply = make.post(room.ben, room.thread)
    threads.react(room.cat, reply.id, "hug", on=True) if apart is accounts.mute else None
    assert {actor for _kind, actor in notifications_of(room.ann)} == {"benx"}


def test_a_block_keeps_both_from_hearing(room: Room) -> None:
    other = make.thread(room.ben, room.group).thread_id
    make.post(room.ann, other)
    make.post(room.cat, other)
    service.read(room.ann)
    service.read(room.cat)
    accounts.block(room.cat, room.ann.id or 0)
    make.post(room.cat, other, body="hello @annx")
    make.post(room.ann, other, body="hello @catx")
    assert notifications_of(room.ann) == notifications_of(room.cat) == []


def test_a_facilitator_sees_posts_of_blockers_without_notifications(room: Room) -> None:
    guide = make.join(make.person("guidex"), room.group, "facilitator")
    accounts.block(room.cat, guide.id or 0)
    make.post(room.cat, room.thread, body="@guidex")
    assert notifications_of(guide) == []


def test_a_later_block_makes_lines_vanish(room: Room) -> None:
    make.post(room.cat, room.thread)
    accounts.block(room.cat, room.ann.id or 0)
    assert notifications_of(room.ann) == []
    assert number(room.ann) == 0


def test_leaving_the_group_makes_lines_vanish_and_ends_them(room: Room) -> None:
    make.post(room.cat, room.thread)
    groups.leave(room.ann, room.group)
    make.post(room.cat, room.thread)
    assert notifications_of(room.ann) == []
    assert number(room.ann) == 0


def test_a_suspended_person_is_not_notified(room: Room) -> None:
    accounts.suspend(room.ann.id or 0, until=clock.now() + timedelta(days=1), because="x")
    make.post(room.cat, room.thread)
    assert notifications_of(room.ann) == []
    accounts.lift_suspension(room.ann.id or 0)
    assert notifications_of(room.ann) == []


def test_notifications_of_hidden_or_deleted_posts_are_gone(room: Room) -> None:
    guide = make.join(make.person(), room.group, "moderator")
    first, second = (make.post(room.cat, room.thread) for _ in range(2))
    threads.hide_post(guide, first.id)
    assert number(room.ann) == 1
    threads.delete_post(room.cat, second.id)
    assert notifications_of(room.ann) == []
    threads.restore_post(guide, first.id)
    assert number(room.ann) == 1


def test_what_is_brought_in_from_the_past_notifies_nobody(room: Room) -> None:
    then = clock.now() - timedelta(days=2)
    make.post(room.cat, room.thread, body="@benx", at=then)
    threads.react(room.cat, room.place.id, "hug", on=True, at=then)
    assert notifications_of(room.ann) == notifications_of(room.ben) == []


def test_reading_a_thread_reads_its_lines_up_to_there(room: Room) -> None:
    first = make.post(room.cat, room.thread)
    make.post(room.cat, room.thread)
    reader_state.record_read(room.ann.id or 0, room.thread, first.number or 0)
    assert number(room.ann) == 1


def test_old_read_lines_are_forgotten_and_unread_ones_stay(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = len(queries.lines(room.ann))
    make.post(room.cat, room.thread)
    assert read == 1
    later = clock.now() + timedelta(days=91)
    monkeypatch.setattr(clock, "now", lambda: later)
    service.forget_old()
    assert notifications_of(room.ann) == [("reply", "catx")]
    assert len(queries.lines(room.ann)) == 1


def test_a_meeting_is_notified_once_to_people_who_may_see_it(room: Room) -> None:
    outsider, now = make.person("outsiderx"), clock.now()
    meeting_id = make.meeting(room.group, title="Tuesday circle")
    people = [person.id or 0 for person in (room.ann, room.ben, outsider)]
    for _ in range(2):
        service.notify(registry.named("meeting_soon"), people, meeting_id, now)
    assert [line.about for line in queries.lines(room.ann)][:1] == ["“Tuesday circle” starts soon"]
    assert (number(room.ann), number(room.ben), number(outsider)) == (1, 1, 0)
    assert queries.lines(outsider) == []


def test_notifications_of_a_meeting_go_with_the_membership(room: Room) -> None:
    meeting_id = make.meeting(room.group)
    service.notify(registry.named("meeting_soon"), [room.ben.id], meeting_id, clock.now())
    line = queries.lines(room.ben)[0]
    groups.leave(room.ben, room.group)
    assert number(room.ben) == 0
    assert queries.lines(room.ben) == []
    groups.join(room.ben, room.group)
    assert service.read(room.ben, line.id) == f"/meetings/{meeting_id}"
    assert number(room.ben) == 0
