"""The queue: its order, and who sees what."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from forum.accounts import service as accounts
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import NotFound
from forum.groups import service as groups
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items import transitions
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.queue_items.transitions import NewItem
from tests.support import factories as make
from tests.support.suite.thoroughness import examples
from tests.support.worlds.queue_world import QueueWorld

FAR = settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


@FAR
@given(
    things=st.lists(
        st.tuples(
            st.sampled_from(sorted(queue_policy.KINDS)),
            st.sampled_from(sorted(queue_policy.URGENCIES)),
            st.integers(0, 5 * 24 * 60),
        ),
        max_size=12,
    )
)
def test_the_most_urgent_is_first_then_the_oldest(
    room: QueueWorld, things: list[tuple[str, int, int]]
) -> None:
    now = clock.now()
    with transaction() as session:
        session.execute(delete(QueueItem))
        made = []
        for at, (kind, urgency, minutes) in enumerate(things):
            matter = NewItem(kind, "post", at + 1, room.group, None, urgency)
            waited = timedelta(minutes=minutes)
            item = transitions.add_item(session, matter, now - waited)
            made.append((queue_policy.urgency_after(kind, urgency, waited), -waited, item.id))
    shown = queue_queries.open_items(room["administrator"])
    assert [one.id for one in shown] == [item_id for _, _, item_id in sorted(made)]
    assert [one.urgency for one in shown] == [urgency for urgency, _, _ in sorted(made)]


def test_nothing_that_waits_becomes_a_crisis_by_waiting() -> None:
    for kind in queue_policy.KINDS:
        for urgency in (queue_policy.SOON, queue_policy.TODAY, queue_policy.LOW):
            long = queue_policy.urgency_after(kind, urgency, timedelta(days=400))
            assert queue_policy.SOON <= long <= urgency
        assert (
            queue_policy.urgency_after(kind, queue_policy.CRISIS, timedelta(0))
            == queue_policy.CRISIS
        )


def test_each_sees_the_items_of_their_own_groups(room: QueueWorld) -> None:
    room.report()
    seeing = {name for name in room.people if "report" in room.kinds(name)}
    assert seeing == {"facilitator", "moderator", "second", "administrator"}
    item = room.reported()
    for name in set(room.people) - seeing:
        with pytest.raises(NotFound):
            queue_queries.item_for(room[name], item.id)
        for verb in (queue.claim, queue.reopen):
            with pytest.raises(NotFound):
                verb(room[name], item.id)
        with pytest.raises(NotFound):
            queue.resolve(room[name], item.id, outcome="nothing")
        with pytest.raises(NotFound):
            queue.hand_over(room[name], item.id, note="Mine?")


def test_nobody_handles_what_is_about_themselves(room: QueueWorld) -> None:
    post = make.post(room["moderator"], room.thread).id
    room.report(post=post)
    assert "report" not in room.kinds("moderator")
    with pytest.raises(NotFound):
        queue.claim(room["moderator"], room.reported("second").id)
    administrators = make.post(make.join(room["administrator"], room.group), room.thread).id
    room.report(post=administrators)
    subjects = [one.target_id for one in queue_queries.open_items(room["administrator"])]
    assert administrators not in subjects
    assert administrators in [one.target_id for one in queue_queries.open_items(room["second"])]


def test_suspended_and_former_moderators_see_no_queue(room: QueueWorld) -> None:
    room.report()
    accounts.suspend(
        room["second"].id or 0, because="A pause", until=clock.now() + timedelta(days=1)
    )
    groups.set_role(None, room.group, room["facilitator"].id or 0, "member")
    assert room.kinds("second") == room.kinds("facilitator") == []


def test_every_change_has_a_version_of_its_own(room: QueueWorld) -> None:
    room.report()
    before = queue_queries.last_version(room["second"])
    item = room.reported()
    queue.claim(room["moderator"], item.id)
    changed = queue_queries.changes_after(room["second"], before, 10)
    assert [(one.id, one.claimed_by) for one in changed] == [(item.id, "moderatorone")]
    assert changed[0].version == queue_queries.last_version(room["second"])
    assert queue_queries.changes_after(room["elsewhere"], 0, 10) == []
