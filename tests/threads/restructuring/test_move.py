"""Moving a conversation to another group: who may, who still finds it, and what comes along."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.activity.models import ActivityEvent
from forum.core import db
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.home import queries as home
from forum.moderation.actions import service
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.queue import queries as queue_queries
from forum.moderation.reports import service as reports
from forum.moderation.second_approval import approvers, pending_actions
from forum.notifications import queries as notifications
from forum.notifications import service as notifying
from forum.privacy.personal_data import PERSONAL_DATA
from forum.threads import queries as threads
from forum.threads import service as writing
from forum.threads.approval import pre_moderation
from forum.threads.lists import thread_lists
from forum.threads.models import PostReview
from forum.threads.reader import drafts, reader_state
from tests.support import factories as make
from tests.support import notification_badge
from tests.support.research.study_world import take_part
from tests.support.worlds.restructuring_world import (
    RestructuringWorld,
    check_counts,
    position_of,
    restructuring_world,
    slug_of,
    state_of_threads,
    thread_with_posts,
)

CLOSED = {"visibility": "approval"}


@pytest.fixture
def room(app: Flask) -> RestructuringWorld:
    return restructuring_world(there=CLOSED)


def test_a_thread_moves_with_its_address_and_counts(room: RestructuringWorld) -> None:
    thread, one, _ = thread_with_posts(room, "one", "two")
    before = state_of_threads(room)
    row = room.act("keeper", "move", thread, slug_of(room.there), reason="It fits better there")
    assert threads.thread_for(room.people["both"], thread).group_id == room.there
    assert threads.post_for(room.people["both"], one).group_id == room.there
    check_counts(room)
    with pytest.raises(Conflict):
        room.act("keeper", "move", thread, slug_of(room.there))
    room.undo("second", row)
    assert state_of_threads(room) == before


def test_only_who_moderates_both_groups_moves(room: RestructuringWorld) -> None:
    thread, *_ = thread_with_posts(room, "one")
    for who in ("moderator", "facilitator", "member", "both"):
        with pytest.raises((Forbidden, Invalid)):
            room.act(who, "move", thread, slug_of(room.there))
    row = room.act("administrator", "move", thread, slug_of(room.there))
    for who in ("moderator", "facilitator", "neighbour"):
        with pytest.raises((Forbidden, NotFound)):
            room.undo(who, row)
    room.undo("keeper", row)


def test_undoing_any_action_takes_the_role_in_the_new_group_too(room: RestructuringWorld) -> None:
    thread, one, _ = thread_with_posts(room, "one", "two")
    edited = room.act("moderator", "edit", one, "Fewer words")
    make.join(room.people["moderator"], room.there, "facilitator")
    room.act("keeper", "move", thread, slug_of(room.there))
    with pytest.raises(Forbidden):
        room.undo("moderator", edited)
    room.undo("second", edited)


@pytest.mark.parametrize(
    ("here", "there", "moves"),
    [
        ({"visibility": "approval"}, {"visibility": "open"}, False),
        ({"visibility": "hidden"}, {"visibility": "approval"}, False),
        ({"visibility": "open"}, {"readable_by_all": True}, False),
        ({"readable_by_all": True}, {"readable_by_all": True}, True),
        ({"visibility": "open"}, {"visibility": "hidden"}, True),
        ({"visibility": "open"}, {"visibility": "open"}, True),
    ],
)
def test_words_come_to_no_more_readers_than_they_were_written_for(
    app: Flask, here: dict[str, Any], there: dict[str, Any], moves: bool
) -> None:
    room = restructuring_world(here, there)
    thread, *_ = thread_with_posts(room, "one")
    if moves:
        room.act("administrator", "move", thread, slug_of(room.there))
    else:
        with pytest.raises(Conflict) as refused:
            room.act("administrator", "move", thread, slug_of(room.there))
        assert refused.value.code == "more_open"
    check_counts(room)


def test_it_goes_back_to_a_more_open_group_only_while_nothing_was_said_since(
    room: RestructuringWorld,
) -> None:
    thread, *_ = thread_with_posts(room, "one")
    row = room.act("keeper", "move", thread, slug_of(room.there))
    writing.post_reply(room.people["neighbour"], thread, body="Only for this group")
    with pytest.raises(Conflict):
        room.undo("keeper", row)


def test_members_outside_the_new_group_lose_the_thread_and_are_notified(
    room: RestructuringWorld,
) -> None:
    thread, one, two = thread_with_posts(room, "one", "two")
    member = room.people["member"]
    reader_state.set_bookmark(member, one, on=True)
    drafts.save_draft(member, room.here, thread, body="I was just going to say")
    make.post(room.people["both"], thread, body="three")
    for person in room.people.values():
        notifying.read(person)
    room.act("keeper", "move", thread, slug_of(room.there))
    with pytest.raises(NotFound):
        threads.thread_for(member, thread)
    with pytest.raises(NotFound):
        threads.post_for(member, two)
    assert not thread_lists.bookmarks(member, 10)
    assert not [one for one in home.member_home(member).new if one.id == thread]
    with pytest.raises(NotFound):
        writing.post_reply(member, thread, body="Hello?")
    told = {
        who: [line.about for line in notifications.lines(room.people[who]) if not line.read]
        for who in room.people
    }
    assert [bool(told[who]) for who in ("author", "member", "both")] == [True, True, True]
    assert not any(told[who] for who in ("facilitator", "moderator", "keeper", "neighbour"))
    assert "not in" in told["member"][0]
    assert "where they are now" in told["both"][0]
    assert [row.action for row in appeal_queries.entries_about(room.people["author"])] == ["move"]
    make.post(room.people["neighbour"], thread, body="four")
    assert notification_badge.unread(member.id) == 1
    make.join(member, room.there)  # and finds everything again
    db.release_session()
    assert [one.post_id for one in thread_lists.bookmarks(member, 10)] == [one]
    (draft,) = drafts.drafts_of(member, room.there, thread)
    assert draft.body == "I was just going to say"
    assert position_of(member, thread) == (2, True)


def test_pending_posts_go_to_moderators_of_the_new_group(room: RestructuringWorld) -> None:
    thread, one, _ = thread_with_posts(room, "one", "two")
    room.act("facilitator", "review", thread)
    held = make.post(room.people["member"], thread, body="held")
    reports.report(room.people["both"], "post", one, reason="unkind")
    make.join(room.people["administrator"], room.here)
    warden = make.join(make.person(), room.there, "moderator")
    deletion = service.take_action(room.people["moderator"], "delete", one, reason="An address")
    db.release_session()
    assert not queue_queries.open_items(warden)
    room.act("keeper", "move", thread, slug_of(room.there))
    assert {entry.target_id for entry in queue_queries.open_items(warden)} == {one, held.id}
    assert not queue_queries.open_items(room.people["moderator"])
    assert [row.id for row in approvers.pending_for(warden)] == [deletion.pending_action_id]
    assert not approvers.pending_for(room.people["moderator"])
    with pytest.raises(Conflict):  # its proposer has no say in the new group
        pending_actions.answer(warden, deletion.pending_action_id or 0, confirm=True)
    pre_moderation.approve(warden, held.id)
    where = db.current_session().scalar(
        select(PostReview.group_id).where(PostReview.post_id == held.id)
    )
    assert where == room.there
    check_counts(room)


def test_the_place_where_newcomers_say_hello_stays(room: RestructuringWorld) -> None:
    hello = make.thread(room.people["author"], room.here, is_introductions=True).thread_id
    with pytest.raises(Conflict) as refused:
        room.act("keeper", "move", hello, slug_of(room.there))
    assert refused.value.code == "introductions"


def test_a_download_names_no_place_that_its_owner_may_not_know_of(app: Flask) -> None:
    room = restructuring_world(there={"visibility": "hidden"})
    older = make.thread(room.people["neighbour"], room.there, title="Known to few").thread_id
    thread, *_ = thread_with_posts(room, "one", "two")
    room.act("keeper", "move", thread, slug_of(room.there))
    room.act("keeper", "merge", thread, str(older))
    make.post(room.people["both"], older)
    held = {one.name: one.rows for one in PERSONAL_DATA}
    for who, knows in (("member", False), ("author", False), ("both", True)):
        me = room.people[who].id
        rows = [db.current_session().execute(held[name](me)).all() for name in ("posts", "threads")]
        assert rows[0]
        assert ("Known to few" in str(rows), slug_of(room.there) in str(rows)) == (knows, knows)


def recorded() -> list[Any]:
    """Return the whole record of research."""
    db.release_session()
    return list(
        db.current_session().execute(select(ActivityEvent.__table__).order_by("at", "id")).all()
    )


def test_the_record_of_research_says_where_things_happened_then(room: RestructuringWorld) -> None:
    thread, _, two = thread_with_posts(room, "one", "two")
    take_part(room.people["member"], room.here)
    before = recorded()
    assert {(row.kind, row.thread_id) for row in before} >= {("reply_posted", thread)}
    room.split("keeper", thread, [two])
    room.act("keeper", "move", thread, slug_of(room.there))
    assert recorded() == before


def test_a_split_off_post_is_backfilled_as_a_reply(
    room: RestructuringWorld,
) -> None:
    thread, _, two = thread_with_posts(room, "one", "two")
    room.split("keeper", thread, [two])
    take_part(room.people["member"], room.here)
    assert [row.kind for row in recorded() if row.post_id == two] == ["reply_posted"]
