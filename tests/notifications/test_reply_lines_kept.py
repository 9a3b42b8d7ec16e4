"""What stays of a line about replies: hidden and restored, no longer followed, older, quoted."""

import threading

from sqlalchemy import insert

from forum.core import clock, db
from forum.notifications import badge_recipients, queries, service
from forum.notifications.models import Notification
from forum.threads import service as threads
from forum.threads.reader import reader_state
from tests.support import factories as make
from tests.support import notification_badge
from tests.support.worlds.reply_room import ReplyRoom, lines, only, room

__all__ = ["room"]


def test_a_restored_reply_is_notified_to_earlier_readers(room: ReplyRoom) -> None:
    guide = make.join(make.person(), room.group, "moderator")
    first, second = make.post(room.ben, room.thread), make.post(room.cat, room.thread)
    threads.hide_post(guide, second.id)
    room.reads(first.number or 0)
    assert lines(room.ann) == []
    threads.restore_post(guide, second.id)
    assert only(room.ann).post_id == second.id


def test_unfollowing_ends_notifications(room: ReplyRoom) -> None:
    first = make.post(room.ben, room.thread)
    reader_state.follow(room.ann, room.thread, on=False)
    make.post(room.cat, room.thread)
    assert lines(room.ann) == []
    (line,) = lines(room.ann, read=True)
    assert (line.post_id, line.others) == (first.id, 0)
    reader_state.follow(room.ann, room.thread, on=True)
    later = make.post(room.cat, room.thread)
    assert only(room.ann).post_id == later.id


def test_a_line_that_had_nothing_to_tell_shows_in_the_badge_with_the_next_reply(
    room: ReplyRoom,
) -> None:
    guide = make.join(make.person(), room.group, "moderator")
    hidden = make.post(room.ben, room.thread)
    threads.hide_post(guide, hidden.id)
    assert notification_badge.unread(room.ann.id or 0) == 0
    later = make.post(room.cat, room.thread)
    assert notification_badge.unread(room.ann.id or 0) == 1
    assert room.ann.id in badge_recipients.affected_by_new_posts({later.id})
    service.read(room.ann)
    make.post(room.ben, room.thread)
    another = make.post(room.cat, room.thread)
    assert room.ann.id not in badge_recipients.affected_by_new_posts(
        {another.id}
    )  # nothing has changed for them


def test_an_old_line_that_is_unread_is_shown_however_much_came_after_it(room: ReplyRoom) -> None:
    post = make.post(room.ben, room.thread)
    read = {
        "account_id": room.ann.id,
        "type": "mention",
        "post_id": post.id,
        "created_at": clock.now(),
        "read_at": clock.now(),
    }
    with db.transaction() as session:
        session.execute(insert(Notification), [read] * queries.LOOKS_BACK)
    assert only(room.ann).post_id == post.id


def test_a_reply_during_mark_all_as_read_is_notified(room: ReplyRoom) -> None:
    """The line that would have told of it is read, but not yet for the author of a reply."""
    first = make.post(room.ben, room.thread)
    said: list[int] = []
    replying = threading.Thread(target=_say_and_let_go, args=(room, said))
    with db.transaction():
        service.read(room.ann)
        replying.start()
        replying.join(0.3)
    replying.join()
    assert only(room.ann).post_id == said[0]
    assert [line.post_id for line in lines(room.ann, read=True)] == [first.id]


def _say_and_let_go(room: ReplyRoom, said: list[int]) -> None:
    said.append(make.post(room.cat, room.thread).id)
    db.release_session()


def test_who_is_only_quoted_is_notified_of_a_reply_and_once(room: ReplyRoom) -> None:
    name = room.ann.handle
    for _ in range(3):
        make.post(room.ben, room.thread, body=f"> @{name} wrote:\n> thanks @{name}\n\nSo am I")
    db.release_session()
    [line] = [line for line in queries.lines(room.ann) if not line.read]
    assert (line.type, line.others) == ("reply", 2)
