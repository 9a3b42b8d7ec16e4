"""One line for all that is new in a thread, until it is read."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts import service as accounts
from forum.core import db
from forum.notifications import service
from forum.threads import service as threads
from forum.threads.reader import reader_state
from forum.threads.restructuring import split_merge
from tests.support import factories as make
from tests.support.suite.thoroughness import examples
from tests.support.worlds.reply_room import ReplyRoom, lines, only, room

__all__ = ["room"]


def test_the_line_names_the_first_and_counts_the_others(room: ReplyRoom) -> None:
    first = make.post(room.ben, room.thread)
    make.post(room.ann, room.thread)
    make.post(room.cat, room.thread)
    line = only(room.ann)
    assert (line.post_id, line.actor, line.others) == (first.id, room.ben.handle, 1)
    assert service.read(room.ann, line.id) == f"/posts/{first.id}"
    (line,) = lines(room.ann, read=True)
    assert line.others == 1


def test_replies_lead_to_the_first_unread_post_of_their_thread(room: ReplyRoom) -> None:
    unread = make.post(room.ben, room.thread)
    reader_state.record_read(room.cat.id or 0, room.thread, 1)
    reader_state.follow(room.cat, room.thread, on=True)
    replies = [make.post(room.ben, room.thread) for _ in range(2)]
    line = only(room.cat)
    assert (line.post_id, line.others) == (replies[0].id, 1)
    assert service.read(room.cat, line.id) == f"/posts/{unread.id}"
    reader_state.record_read(room.cat.id or 0, room.thread, replies[1].number or 0)
    assert service.read(room.cat, line.id) == f"/posts/{replies[0].id}"


def test_what_comes_after_reading_is_a_new_line(room: ReplyRoom) -> None:
    first = make.post(room.ben, room.thread)
    room.reads(first.number or 0)
    later = make.post(room.cat, room.thread)
    assert only(room.ann).post_id == later.id
    (line,) = lines(room.ann, read=True)
    assert (line.post_id, line.others) == (first.id, 0)


def test_who_marks_all_as_read_is_notified_of_the_next_reply(room: ReplyRoom) -> None:
    make.post(room.ben, room.thread)
    service.read(room.ann)
    assert lines(room.ann) == []
    later = make.post(room.ben, room.thread)
    assert only(room.ann).post_id == later.id


def test_the_line_leads_on_to_what_was_not_read(room: ReplyRoom) -> None:
    first, second, third = (make.post(room.ben, room.thread) for _ in range(3))
    room.reads(first.number or 0)
    line = only(room.ann)
    assert (line.post_id, line.others) == (second.id, 1)
    room.reads(third.number or 0)
    assert lines(room.ann) == []


def test_one_s_own_reply_is_nothing_to_be_led_on_to(room: ReplyRoom) -> None:
    first = make.post(room.ben, room.thread)
    make.post(room.ann, room.thread)
    room.reads(first.number or 0)
    assert lines(room.ann) == []


def test_where_the_first_is_hidden_the_line_tells_of_the_next(room: ReplyRoom) -> None:
    guide = make.join(make.person(), room.group, "moderator")
    first, second = make.post(room.ben, room.thread), make.post(room.cat, room.thread)
    threads.hide_post(guide, first.id)
    line = only(room.ann)
    assert (line.post_id, line.actor, line.others) == (second.id, room.cat.handle, 0)
    assert service.read(room.ann, line.id) == f"/posts/{second.id}"


@pytest.mark.parametrize("apart", [accounts.mute, accounts.block])
def test_replies_of_muted_people_do_not_count(room: ReplyRoom, apart: object) -> None:
    make.post(room.ben, room.thread)
    make.post(room.cat, room.thread)
    make.post(room.ben, room.thread)
    apart(room.ann, room.ben.id)  # type: ignore[operator]
    line = only(room.ann)
    assert (line.actor, line.others) == (room.cat.handle, 0)
    assert only(room.ben).actor == room.cat.handle


def test_a_line_about_a_post_that_was_split_off_tells_of_it_alone(room: ReplyRoom) -> None:
    guide = make.join(make.person(), room.group, "moderator")
    first = make.post(room.ben, room.thread)
    make.post(room.ann, room.thread)
    stays = make.post(room.cat, room.thread)
    _before, after = split_merge.split_thread(guide, room.thread, [first.id], "Another matter")
    (new,) = {one.thread_id for one in after.locations.values()}
    told = {(line.thread_id, line.post_id, line.others) for line in lines(room.ann)}
    assert told == {(new, first.id, 0), (room.thread, stays.id, 0)}
    make.post(room.cat, room.thread)
    told = {(line.thread_id, line.post_id, line.others) for line in lines(room.ann)}
    assert told == {(new, first.id, 0), (room.thread, stays.id, 1)}


def test_where_nothing_else_is_new_a_split_leaves_one_line(room: ReplyRoom) -> None:
    guide = make.join(make.person(), room.group, "moderator")
    first = make.post(room.ben, room.thread)
    split_merge.split_thread(guide, room.thread, [first.id], "Another matter")
    assert only(room.ann).post_id == first.id


def test_two_threads_that_are_joined_keep_their_lines(room: ReplyRoom) -> None:
    guide = make.join(make.person(), room.group, "moderator")
    other = make.thread(room.ann, room.group).thread_id
    here, there = make.post(room.ben, room.thread), make.post(room.cat, other)
    split_merge.merge_threads(guide, room.thread, other)
    assert {line.post_id for line in lines(room.ann)} == {here.id, there.id}
    make.post(room.cat, room.thread)
    assert len(lines(room.ann)) == 2


def test_a_reply_that_comes_while_one_reads_is_not_lost(room: ReplyRoom) -> None:
    """The mark is written while the reply is there for nobody else yet."""
    first = make.post(room.ben, room.thread)
    reading = threading.Thread(target=_read_and_let_go, args=(room, first.number or 0))
    with db.transaction():
        later = make.post(room.cat, room.thread)
        reading.start()
        reading.join(0.3)  # it waits for the reply, or must not have read the line
    reading.join()
    assert only(room.ann).post_id == later.id


def _read_and_let_go(room: ReplyRoom, number: int) -> None:
    room.reads(number)
    db.release_session()


_ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["ben", "cat", "ann"]), st.just(0)),
        st.tuples(st.just("reads"), st.integers(1, 12)),
        st.tuples(st.just("marks all"), st.just(0)),
        st.tuples(st.sampled_from(["hides", "restores"]), st.integers(2, 12)),
    ),
    max_size=12,
)


@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=_ACTS)
def test_there_is_one_notification_just_where_something_is_unread(
    room: ReplyRoom, acts: object
) -> None:
    """Whatever happens in between: what ann neither read nor marked as read is in one line."""
    guide = make.join(make.person(), room.group, "moderator")
    place = make.thread(room.ann, room.group)
    room.thread = place.thread_id
    said = {1: (place.id, "ann")}
    news: set[int] = set()
    hidden: set[int] = set()
    for who, number in acts:  # type: ignore[attr-defined]
        if who in {"ann", "ben", "cat"}:
            post = make.post(getattr(room, who), room.thread)
            said[post.number or 0] = post.id, who
            news |= {post.number or 0} if who != "ann" else set()
        elif who == "reads":
            room.reads(min(number, max(said)))
            news = {one for one in news if one > min(number, max(said))}
        elif who == "marks all":
            service.read(room.ann)
            news = set()
        elif number in said:
            (threads.hide_post if who == "hides" else threads.restore_post)(guide, said[number][0])
            hidden = hidden | {number} if who == "hides" else hidden - {number}
        shown = sorted(one for one in news if one not in hidden)
        mine = [line for line in lines(room.ann) if line.thread_id == room.thread]
        told = [(line.post_id, line.others) for line in mine]
        assert told == ([(said[shown[0]][0], len(shown) - 1)] if shown else [])
