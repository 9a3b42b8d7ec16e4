"""How long people waited, by the year's figures: for somebody in a crisis, and for a reply."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core.db import transaction
from forum.moderation.crisis_calls.models import CrisisAcknowledgement, CrisisCall
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.transparency import waits
from forum.moderation.transparency.waits import NOT_YET, Waits
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    """Return a group whose own threads are of the year before."""
    made = QueueWorld()
    moment.forward(days=400)
    return made


def alert(
    room: QueueWorld,
    moment: Clock,
    n: int,
    *,
    staffed: bool,
    claimed: int | None = None,
    there: int | None = None,
    resolved: int | None = None,
    by_facts: bool = False,
) -> None:
    """Store a crisis alert that somebody came to after so many minutes, or nobody."""
    at = moment.now()

    def after(minutes: int | None) -> object:
        return None if minutes is None else at + minutes * MINUTE

    with transaction() as session:
        item = QueueItem(
            kind="crisis_alert",
            target_kind="post",
            target_id=9_000 + n,
            group_id=room.group,
            urgency=0,
            version=9_000 + n,
            opened_at=at,
            first_claimed_at=after(claimed),
            resolved_at=after(resolved),
            resolved_by_id=None if by_facts or resolved is None else room["moderator"].id,
        )
        session.add(item)
        session.flush()
        for step in range(3):  # what comes later, while nobody is on call any more, is the same
            row = CrisisCall(item_id=item.id, step=step, staffed=staffed and step == 0)
            row.started_at, row.due_at = at + step * MINUTE, at
            session.add(row)
            session.flush()
        if there is not None:
            came = at + there * MINUTE
            second = room["second"].id
            session.add(CrisisAcknowledgement(item_id=item.id, account_id=second, at=came))


def humans(moment: Clock) -> tuple[Waits, Waits]:
    staffed, unstaffed = waits.for_first_human(moment.now().year)
    return staffed, unstaffed


def test_whoever_comes_first_ends_the_wait(room: QueueWorld, moment: Clock) -> None:
    for n in range(10):
        alert(room, moment, n, staffed=True, there=n, claimed=n + 20, resolved=60)
    for n in range(10, 20):
        alert(room, moment, n, staffed=False, claimed=n, there=n + 20)
    staffed, unstaffed = humans(moment)
    assert (staffed.count, staffed.waiting) == (10, None)
    assert (staffed.half, staffed.most) == (4 * MINUTE, 9 * MINUTE)
    assert (unstaffed.half, unstaffed.most) == (14 * MINUTE, 19 * MINUTE)


def test_resolving_is_coming_but_facts_are_not(room: QueueWorld, moment: Clock) -> None:
    for n in range(10):
        alert(room, moment, n, staffed=True, resolved=7)
        alert(room, moment, 10 + n, staffed=False, resolved=7, by_facts=True)
    staffed, unstaffed = humans(moment)
    assert staffed.most == 7 * MINUTE
    assert (unstaffed.count, unstaffed.waiting) == (10, 10)
    assert unstaffed.half == unstaffed.most == NOT_YET


def test_a_claim_from_before_the_alert_is_no_answer_to_it(room: QueueWorld, moment: Clock) -> None:
    for n in range(10):
        alert(room, moment, n, staffed=True, claimed=-5, there=30)
    assert humans(moment)[0].half == 30 * MINUTE


def test_who_waits_in_vain_counts_among_all(room: QueueWorld, moment: Clock) -> None:
    for n in range(18):
        alert(room, moment, n, staffed=True, there=3)
    for n in range(18, 20):
        alert(room, moment, n, staffed=True)
    staffed, _ = humans(moment)
    assert (staffed.count, staffed.waiting) == (20, None)
    assert (staffed.half, staffed.most) == (3 * MINUTE, NOT_YET)


@pytest.mark.parametrize(("came", "waiting"), [(7, 0), (7, 20), (0, 7), (5, 5)])
def test_no_time_is_given_for_few(room: QueueWorld, moment: Clock, came: int, waiting: int) -> None:
    for n in range(came):
        alert(room, moment, n, staffed=True, there=n)
    for n in range(came, came + waiting):
        alert(room, moment, n, staffed=True)
    staffed, unstaffed = humans(moment)
    assert staffed.half in {None, NOT_YET}
    assert staffed.most in {None, NOT_YET}
    assert (unstaffed.count, unstaffed.waiting, unstaffed.half) == (None, None, None)


def test_a_first_thread_is_told_apart_from_later_ones(room: QueueWorld, moment: Clock) -> None:
    for n in range(9):
        newcomer = make.join(make.person(f"newcomer{n}"), room.group)
        for minutes in (5, 50):
            begun = make.thread(newcomer, room.group)
            moment.forward(minutes=1)
            make.post(newcomer, begun.thread_id)  # one's own words are no answer
            moment.forward(minutes=minutes - 1)
            make.post(room["second"], begun.thread_id)
            make.post(room["other"], begun.thread_id)
    first, other = waits.for_first_answer(moment.now().year)
    assert (first.count, first.waiting, first.half) == (10, None, 5 * MINUTE)
    assert (other.count, other.most) == (10, 50 * MINUTE)


def test_hidden_replies_and_hidden_threads_do_not_count(room: QueueWorld, moment: Clock) -> None:
    for n in range(12):
        begun = make.thread(room["other"], room.group)
        reply = make.post(room["author"], begun.thread_id)
        threads.hide_post(room["moderator"], reply.id)
        if n >= 10:
            threads.hide_post(room["moderator"], begun.id)
    _, other = waits.for_first_answer(moment.now().year)
    assert (other.count, other.waiting, other.half) == (10, 10, NOT_YET)


def test_the_page_shows_them_to_everybody(
    room: QueueWorld, moment: Clock, client: FlaskClient
) -> None:
    for n in range(18):
        alert(room, moment, n, staffed=True, there=3)
        alert(room, moment, 18 + n, staffed=False)
    page = " ".join(client.get(f"/transparency?year={moment.now().year}").text.split())
    assert "How long people waited" in page
    assert "while someone was on call</th><td>20</td><td>7 or fewer</td>" in page
    assert "<td>3 minutes</td><td>3 minutes</td>" in page
    assert "while nobody was on call</th><td>20</td><td>20</td><td>not yet</td>" in page
    assert "newcomer" not in page
