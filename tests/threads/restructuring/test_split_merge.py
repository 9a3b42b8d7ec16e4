"""Split and merge: which post is where afterwards, who has read what, and what undo restores."""

import pytest
from flask import Flask
from sqlalchemy import delete, select

from forum.accounts import service as accounts
from forum.core import db
from forum.core.errors import NotFound
from forum.moderation.appeals import queries as appeal_queries
from forum.notifications import queries as notifications
from forum.notifications import service as notifying
from forum.threads import queries as threads
from forum.threads import service as writing
from forum.threads.approval import pre_moderation
from forum.threads.lists import thread_lists
from forum.threads.models import Post, Thread
from forum.threads.reader import drafts, reader_state
from tests.support import factories as make
from tests.support import notification_badge
from tests.support.worlds.restructuring_world import (
    RestructuringWorld,
    check_counts,
    position_of,
    restructuring_world,
    said_in,
    slug_of,
    state_of_threads,
    thread_with_posts,
)


@pytest.fixture
def room(app: Flask) -> RestructuringWorld:
    return restructuring_world()


def test_split_posts_keep_authors_times_order_and_reactions(room: RestructuringWorld) -> None:
    thread, _, two, _, four = thread_with_posts(room, "one", "two", "three", "four")
    writing.react(room.people["author"], two, "hug", on=True)
    before = state_of_threads(room)
    row = room.split("keeper", thread, [four, two], title="About two and four")
    new = threads.post_for(room.people["member"], two).thread_id
    assert said_in(thread, room.people["member"]) == ["one", "three"]
    assert said_in(new, room.people["member"]) == ["two", "four"]
    assert threads.thread_for(room.people["member"], new).title == "About two and four"
    posts = db.current_session().execute(
        select(Post.id, Post.author_id, Post.created_at, Post.reactions)
    )
    assert {(p[0], p[1], p[2], str(p[3])) for p in posts} == {
        (p[0], p[3], p[4], str(p[6])) for p in before["posts"]
    }
    check_counts(room)
    room.undo("keeper", row)
    assert state_of_threads(room) == before
    with pytest.raises(NotFound):
        threads.thread_for(room.people["member"], new)
    assert threads.current_thread_for(room.people["member"], new).id == thread


def test_a_quiet_line_leads_from_each_to_the_other(room: RestructuringWorld) -> None:
    thread, _, two, _ = thread_with_posts(room, "one", "two", "three")
    room.split("keeper", thread, [two])
    new = threads.post_for(room.people["member"], two).thread_id
    member = room.people["member"]
    assert [(one.id, one.split_at) for one in thread_lists.splits_of(member, thread)] == [(new, 2)]
    assert [one.id for one in thread_lists.splits_of(member, new)] == [thread]
    room.act("keeper", "move", new, slug_of(room.there))
    assert not thread_lists.splits_of(room.people["member"], thread)
    assert [one.id for one in thread_lists.splits_of(room.people["both"], thread)] == [new]


def test_merged_posts_are_in_order_of_time_in_the_older_thread(
    room: RestructuringWorld,
) -> None:
    older, *_ = thread_with_posts(room, "a1")
    newer, *_ = thread_with_posts(room, "b1")
    make.post(room.people["member"], older, body="a2")
    make.post(room.people["author"], newer, body="b2")
    before = state_of_threads(room)
    row = room.act("keeper", "merge", newer, f"/threads/{older}")  # whichever they begin from
    member = room.people["member"]
    assert said_in(older, member) == ["a1", "b1", "a2", "b2"]
    with pytest.raises(NotFound):
        threads.thread_for(member, newer)
    assert threads.current_thread_for(member, newer).id == older
    check_counts(room)
    late = writing.post_reply(member, newer, body="late")
    assert late.thread_id == older
    assert said_in(older, member)[-1] == "late"
    room.undo("second", row)
    assert said_in(older, member) == ["a1", "a2", "late"]
    assert said_in(newer, member) == ["b1", "b2"]
    check_counts(room)
    with db.transaction() as session:
        session.execute(delete(Post).where(Post.id == late.id))
    after = state_of_threads(room)
    assert after["posts"] == before["posts"]
    assert after["groups"] == before["groups"]


def test_undoing_a_merge_restores_everything(room: RestructuringWorld) -> None:
    older, *_ = thread_with_posts(room, "a1", "a2")
    newer, _, second = thread_with_posts(room, "b1", "b2")
    room.act("facilitator", "review", newer)
    make.post(room.people["member"], newer, body="held")
    writing.hide_post(room.people["keeper"], second)
    before = state_of_threads(room)
    row = room.act("keeper", "merge", older, str(newer))
    assert said_in(older, room.people["keeper"]) == ["a1", "a2", "b1", "b2"]
    check_counts(room)
    room.undo("keeper", row)
    assert state_of_threads(room) == before


def test_pending_and_hidden_posts_stay_so(room: RestructuringWorld) -> None:
    older, *_ = thread_with_posts(room, "a1", "a2")
    newer, _, hidden = thread_with_posts(room, "b1", "b2")
    room.act("facilitator", "review", newer)
    held = make.post(room.people["author"], newer, body="held")
    writing.hide_post(room.people["keeper"], hidden)
    room.act("keeper", "merge", older, str(newer))
    member, author, keeper = (room.people[who] for who in ("member", "author", "keeper"))
    assert said_in(older, room.people["both"]) == ["a1", "a2", "b1"]
    for viewer, sees in ((member, 0), (author, 1), (keeper, 1)):
        there = threads.thread_for(viewer, older)
        assert len(threads.pending_posts(viewer, there)) == sees
    with pytest.raises(NotFound):
        threads.post_for(member, held.id)
    pre_moderation.approve(keeper, held.id)
    db.release_session()
    assert said_in(older, member)[-1] == "held"
    check_counts(room)


def test_what_was_approved_since_stays_when_a_merge_is_undone(room: RestructuringWorld) -> None:
    older, *_ = thread_with_posts(room, "a1")
    newer, *_ = thread_with_posts(room, "b1")
    room.act("facilitator", "review", newer)
    held = make.post(room.people["member"], newer, body="held")
    row = room.act("keeper", "merge", older, str(newer))
    pre_moderation.approve(room.people["keeper"], held.id)
    room.undo("keeper", row)
    assert said_in(older, room.people["member"]) == ["a1", "held"]
    assert said_in(newer, room.people["member"]) == ["b1"]
    check_counts(room)


def test_the_line_counts_posts_visible_to_its_reader(room: RestructuringWorld) -> None:
    thread, _, two, three = thread_with_posts(room, "one", "two", "three")
    room.split("keeper", thread, [two, three])
    accounts.block(room.people["author"], room.people["member"].id)
    db.release_session()
    counted = {
        who: [one.post_count for one in thread_lists.splits_of(room.people[who], thread)]
        for who in ("member", "both")
    }
    assert counted == {"member": [1], "both": [2]}


def test_a_split_off_thread_is_kept_as_safe(room: RestructuringWorld) -> None:
    thread, _, two = thread_with_posts(room, "one", "two")
    room.act("facilitator", "review", thread)
    room.act("facilitator", "lock", thread)
    room.act("facilitator", "slow", thread, "60")
    room.split("keeper", thread, [two])
    new = threads.thread_for(
        room.people["member"], threads.post_for(room.people["member"], two).thread_id
    )
    assert (new.pre_moderated, new.locked, new.slow_seconds) == (True, True, 60)


def test_a_hidden_first_post_hides_the_new_title(room: RestructuringWorld) -> None:
    thread, _, two, _ = thread_with_posts(room, "one", "two", "three")
    writing.hide_post(room.people["keeper"], two)
    room.split("keeper", thread, [two], title="A secret title")
    new = threads.post_for(room.people["keeper"], two).thread_id
    assert threads.thread_for(room.people["both"], new).title != "A secret title"


def test_nothing_unread_is_lost_for_readers_of_two_joined_threads(
    room: RestructuringWorld,
) -> None:
    older, *_ = thread_with_posts(room, "a1", "a2", "a3")
    newer, *_ = thread_with_posts(room, "b1", "b2")
    make.post(room.people["author"], older, body="a4")
    both, keeper = room.people["both"], room.people["keeper"]
    reader_state.record_read(both.id, older, 4)
    reader_state.record_read(keeper.id, newer, 2)
    reader_state.write_positions()
    reader_state.follow(keeper, newer, on=True)
    row = room.act("second", "merge", older, str(newer))
    assert position_of(both, older) == (3, False)  # b1, which is fourth, is new to them
    assert position_of(keeper, older) == (0, True)
    # ... and b2, but not a4, which they have read.
    assert {one.unread for one in thread_lists.threads_of(both, room.here, 1)} == {2}
    room.undo("second", row)
    assert position_of(keeper, newer) == (2, True)
    assert position_of(both, older) == (4, False)


def test_read_positions_come_along_to_what_is_split_off(room: RestructuringWorld) -> None:
    thread, _, two, _, four = thread_with_posts(room, "one", "two", "three", "four")
    both = room.people["both"]
    reader_state.record_read(both.id, thread, 3)
    reader_state.write_positions()
    row = room.split("keeper", thread, [two, four])
    new = threads.post_for(both, two).thread_id
    assert position_of(both, new) == (1, False)
    assert position_of(both, thread) == (3, False)
    make.post(room.people["author"], thread, body="five")
    reader_state.record_read(both.id, thread, 5, threads.thread_for(both, thread).reload_version)
    room.undo("keeper", row)
    assert position_of(both, thread) == (3, False)  # four came back, and was never read


def test_drafts_come_along(room: RestructuringWorld) -> None:
    older, *_ = thread_with_posts(room, "a1")
    newer, *_ = thread_with_posts(room, "b1")
    for who, where in (("author", newer), ("member", older), ("member", newer)):
        drafts.save_draft(room.people[who], room.here, where, body=f"draft {where}")
    room.act("keeper", "merge", older, str(newer))
    assert bodies(room, "author", older) == {f"draft {newer}"}
    assert bodies(room, "member", older) == {f"draft {older}", f"draft {newer}"}
    drafts.save_draft(room.people["author"], room.here, newer, body="saved late")
    db.release_session()
    assert bodies(room, "author", older) == {f"draft {newer}", "saved late"}


def bodies(room: RestructuringWorld, who: str, thread: int) -> set[str]:
    """Return what somebody has begun to write in a thread."""
    return {row.body for row in drafts.drafts_of(room.people[who], room.here, thread)}


def test_bookmarks_and_permalinks_find_the_post_where_it_is(room: RestructuringWorld) -> None:
    thread, _, two = thread_with_posts(room, "one", "two")
    reader_state.set_bookmark(room.people["both"], two, on=True)
    room.split("keeper", thread, [two])
    found = threads.post_for(room.people["both"], two)
    assert found.thread_id != thread
    assert [one.post_id for one in thread_lists.bookmarks(room.people["both"], 10)] == [two]


def test_only_authors_are_notified(room: RestructuringWorld) -> None:
    thread, _, two, three = thread_with_posts(
        room, "one", "two", "three", by=("author", "member", "both")
    )
    for person in room.people.values():
        notifying.read(person)
    room.split("keeper", thread, [two, three])
    assert [row.action for row in appeal_queries.entries_about(room.people["member"])] == ["split"]
    assert not appeal_queries.entries_about(room.people["author"])
    unread = {who: notification_badge.unread(person.id) for who, person in room.people.items()}
    assert {who for who, count in unread.items() if count} == {"member", "both"}
    (line,) = [one for one in notifications.lines(room.people["both"]) if not one.read]
    assert "moved" in line.about


def test_a_title_does_not_come_back_without_its_post(
    room: RestructuringWorld,
) -> None:
    older, *_ = thread_with_posts(room, "a1")
    newer, first = thread_with_posts(room, "b1")[:2]
    row = room.act("keeper", "merge", older, str(newer))
    writing.delete_post(room.people["author"], first)
    room.undo("keeper", row)
    title = db.current_session().scalar(select(Thread.title).where(Thread.id == newer))
    assert title == "A removed thread"
