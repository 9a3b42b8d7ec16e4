"""What people do in a room: talk, turns, the private line, and who is asked to stay out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts import service as accounts
from forum.core import db
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from forum.groups import service as groups
from forum.meetings import (
    people_queries,
    room_queries,
    rooms,
    summaries,
    talking,
    timed,
    turns,
)
from forum.meetings.attendance import grown
from forum.meetings.room_events import MeetingAttended
from forum.meetings.sharing import corrected, gini
from tests import factories
from tests.meetingroom import (
    NOON,
    Announced,
    Clock,
    Meeting,
    announced,
    hide,
    moment,
    restore,
)

__all__ = ["announced", "moment"]


def order(room: Meeting) -> list[int]:
    """Return who waits for a turn, and first who has it."""
    db.done_reading()
    return [hand.account_id for hand in people_queries.hands(room.id)]


def speaker(room: Meeting) -> int | None:
    """Return whose turn it is."""
    db.done_reading()
    return next((h.account_id for h in people_queries.hands(room.id) if h.turn_at), None)


def test_fifty_sendings_with_one_key_make_one_message(app: Flask) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    db.done_reading()

    def send(_number: int) -> int:
        try:
            return room.say(wren, "Once", "the-same-key")
        finally:
            db.done_reading()

    with ThreadPoolExecutor(8) as crowd:
        ids = set(crowd.map(send, range(50)))
    assert len(ids) == 1
    assert len(room_queries.last_messages(wren, room.id)) == 1


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "x" * 2001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "fine", "key": " "}, "idempotency_key"),
        ({"body": "fine", "key": "k" * 65}, "idempotency_key"),
        ({"body": "fine", "content_note": "n" * 81}, "content_note"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(
    app: Flask, words: dict[str, str], field: str
) -> None:
    room = Meeting.made().opened()
    with pytest.raises(Invalid) as refused:
        room.say(room.members[0], **{"key": "k", **words})
    assert set(refused.value.fields) == {field}


def test_who_must_not_speak_does_not(app: Flask) -> None:
    room = Meeting.made()
    outsider, late = factories.person(), room.members[2]
    rooms.enter(room.fern, room.id)
    rooms.enter(room.members[0], room.id)
    with pytest.raises(Forbidden, match="members"):
        room.say(outsider, "Let me in")
    with pytest.raises(Forbidden, match="come into the room"):
        room.say(late, "From the corridor")
    rooms.leave(room.members[0], room.id)
    with pytest.raises(Forbidden, match="come into the room"):
        room.say(room.members[0], "From outside")


def test_slow_mode_waits_and_says_for_how_long(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    rooms.set_mode(room.fern, room.id, turns_only=False, slow_mode_s=30)
    room.say(wren, "One")
    moment.forward(seconds=10)
    with pytest.raises(TooMany, match="in 21 seconds"):
        room.say(wren, "Two")
    room.say(room.fern, "I may")
    room.say(room.fern, "at any time")
    moment.forward(seconds=21)
    room.say(wren, "Two")
    for wrong in (-1, 601):
        with pytest.raises(Invalid):
            rooms.set_mode(room.fern, room.id, turns_only=False, slow_mode_s=wrong)


def test_only_whose_turn_it_is_writes(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, _ash = room.members
    rooms.set_mode(room.fern, room.id, turns_only=True, slow_mode_s=0)
    with pytest.raises(Forbidden, match="Raise your hand"):
        room.say(wren, "Me first")
    turns.raise_hand(wren, room.id, up=True)
    turns.raise_hand(robin, room.id, up=True)
    with pytest.raises(Forbidden):
        turns.give(robin, room.id, robin.id or 0)
    turns.give(wren, room.id, wren.id or 0)
    room.say(wren, "Thank you")
    with pytest.raises(Forbidden):
        room.say(robin, "And I")
    turns.give(room.fern, room.id, robin.id or 0)
    assert order(room) == [robin.id]
    room.say(robin, "Now I")
    turns.finish(robin, room.id)
    assert speaker(room) is None
    turns.finish(robin, room.id)
    assert [row.turns for row in people_queries.attended(room.id) if not row.facilitated] == [
        1, 1, 0,
    ]  # fmt: skip


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["up", "down", "give", "end", "earlier", "later", "finish"]),
            st.integers(0, 3),
        ),
        max_size=25,
    )
)
def test_the_order_is_a_list_in_which_everybody_is_once(
    app: Flask, acts: list[tuple[str, int]]
) -> None:
    room = Meeting.made(members=4).opened()
    people = [viewer.id or 0 for viewer in room.members]
    waits: list[int] = []
    speaks: int | None = None
    for act, number in acts:
        who, viewer = people[number], room.members[number]
        match act:
            case "up":
                turns.raise_hand(viewer, room.id, up=True)
                waits += [who] if who not in (*waits, speaks) else []
            case "down":
                turns.raise_hand(viewer, room.id, up=False)
            case "finish":
                turns.finish(viewer, room.id)
                speaks = None if speaks == who else speaks
            case "give":
                turns.give(room.fern, room.id, who)
                speaks = who
            case "end":
                turns.end(room.fern, room.id, who)
            case _:
                by = -1 if act == "earlier" else 1
                if who not in waits:
                    with pytest.raises(Conflict):
                        turns.move(room.fern, room.id, who, by=by)
                    continue
                turns.move(room.fern, room.id, who, by=by)
                here = waits.index(who)
                waits.insert(max(0, min(len(waits) - 1, here + by)), waits.pop(here))
        if act in {"down", "end"}:
            speaks = None if speaks == who else speaks
        if act in {"down", "end", "give"}:
            waits = [other for other in waits if other != who]
        assert speaker(room) == speaks
        assert order(room) == ([speaks] if speaks else []) + waits


def test_a_silent_line_loses_its_place_only_after_two_minutes(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    turns.raise_hand(wren, room.id, up=True)
    for _ in range(8):
        moment.forward(seconds=15)
        timed.still_here({room.id: {room.fern.id or 0}})
    timed.settle_due()
    assert order(room) == [wren.id]
    moment.forward(seconds=1)
    timed.settle_due()
    assert order(room) == []


def test_hidden_words_are_for_author_and_facilitators(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, _ash = room.members
    said = room.say(wren, "Unkind")
    for nobody in (robin, wren):
        with pytest.raises(Forbidden):
            hide(nobody, said)
    hide(room.fern, said)
    with pytest.raises(Conflict):
        hide(room.fern, said)
    sees = [bool(room_queries.last_messages(v, room.id)) for v in (wren, robin, room.fern)]
    assert sees == [True, False, True]
    with pytest.raises(NotFound):
        restore(robin, said)
    restore(room.fern, said)
    assert room_queries.last_messages(robin, room.id)
    with pytest.raises(Forbidden):
        talking.delete(robin, said)
    talking.delete(wren, said)
    with pytest.raises(Conflict):
        hide(room.fern, said)
    assert room_queries.contents([said])[0].html == ""


def test_who_is_sent_out_hears_and_says_nothing_until_let_back(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, _ash = room.members
    room.say(robin, "Before")
    turns.raise_hand(wren, room.id, up=True)
    room.act(room.fern, "remove", wren)
    assert order(room) == []
    assert room_queries.last_messages(wren, room.id) == []
    for attempt in (
        lambda: rooms.enter(wren, room.id),
        lambda: room.say(wren, "Let me"),
        lambda: turns.raise_hand(wren, room.id, up=True),
        lambda: talking.word(wren, room.id, body="Why?"),
        lambda: talking.save_draft(wren, room.id, body="Why?"),
        lambda: talking.require_reaction(wren, room.id, "hug"),
    ):
        with pytest.raises(Forbidden, match="stay out"):
            attempt()
    room.act(room.fern, "let_back", wren)
    rooms.enter(wren, room.id)
    assert len(room_queries.last_messages(wren, room.id)) == 1


def test_who_is_muted_listens_and_may_use_the_private_line(app: Flask) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    room.act(room.fern, "mute", wren)
    for attempt in (
        lambda: room.say(wren, "But"),
        lambda: turns.raise_hand(wren, room.id, up=True),
        lambda: talking.require_reaction(wren, room.id, "hug"),
    ):
        with pytest.raises(Forbidden, match="listen"):
            attempt()
    assert talking.word(wren, room.id, body="I am sorry")
    room.act(room.fern, "unmute", wren)
    assert room.say(wren, "Thank you")


def test_nobody_acts_on_who_has_the_same_or_a_higher_role(app: Flask) -> None:
    room = Meeting.made().opened()
    administrator = factories.administrator()
    other = factories.join(factories.person(), room.group_id, "facilitator")
    for viewer in (room.moss, administrator, other):
        rooms.enter(viewer, room.id)
    for target in (room.fern, other, room.moss, administrator):
        with pytest.raises(Forbidden):
            room.act(room.fern, "remove", target)
    with pytest.raises(Forbidden):
        room.act(room.moss, "mute", administrator)
    with pytest.raises(Forbidden):
        room.act(room.members[0], "mute", room.members[1])
    with pytest.raises(NotFound):
        room.act(room.fern, "mute", factories.person())
    room.act(room.moss, "mute", room.fern)
    room.act(administrator, "mute", room.moss)


def test_the_private_line_is_private(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, _ash = room.members
    rooms.enter(room.moss, room.id)
    talking.word(wren, room.id)
    talking.word(room.fern, room.id, body="I am here", to=wren.id)
    with pytest.raises(Forbidden):
        talking.word(robin, room.id, body="psst", to=wren.id)
    with pytest.raises(NotFound):
        talking.word(room.fern, room.id, body="psst", to=factories.person().id)
    read = {v.id: len(room_queries.words_for(v.id or 0, room.id)) for v in (
        wren, robin, room.fern, room.moss, factories.person())}  # fmt: skip
    assert list(read.values()) == [2, 0, 2, 2, 0]


def test_blocks_and_mutes_hold_in_the_room(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, ash = room.members
    accounts.block(wren, robin.id or 0)
    accounts.mute(ash, robin.id or 0)
    accounts.block(robin, room.fern.id or 0)
    room.say(robin, "Hello all")
    sees = [bool(room_queries.last_messages(v, room.id)) for v in (wren, robin, ash, room.fern)]
    assert sees == [False, True, False, True]
    room.say(wren, "And I")
    assert len(room_queries.last_messages(robin, room.id)) == 1


def test_who_left_the_group_hears_nothing_more(app: Flask) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    said = room.say(room.members[1], "For members")
    groups.leave(wren, room.group_id)
    assert room_queries.last_messages(wren, room.id) == []
    assert room_queries.who_sees(said, {wren.id or 0}) == (set(), set())
    with pytest.raises(Forbidden):
        rooms.enter(wren, room.id)


@given(st.lists(st.integers(0, 400), max_size=30))
def test_short_gaps_are_bridged_and_long_ones_count_nothing(gaps: list[int]) -> None:
    at, present = NOON, 0
    for gap in gaps:
        later = at + timedelta(seconds=gap)
        present, at = grown(present, at, later), later
    assert present == 1000 * sum(gap for gap in gaps if gap <= 120)


def test_attendance_is_told_when_the_meeting_is_over(
    app: Flask, moment: Clock, announced: Announced
) -> None:
    room = Meeting.made().opened()
    wren, robin, ash = room.members
    here = {room.fern.id or 0, wren.id or 0}
    room.say(wren, "Three little words")
    turns.give(room.fern, room.id, wren.id or 0)
    for minute in range(20):
        moment.forward(minutes=1)
        if minute == 9:
            rooms.leave(robin, room.id)
        timed.still_here({room.id: here | ({robin.id or 0} if minute < 9 else set())})
    rooms.close(room.fern, room.id)
    rooms.close(room.fern, room.id)
    timed.settle_due()
    told = {event.account_id: event for event in announced.of(MeetingAttended)}
    assert len(announced.of(MeetingAttended)) == len(told) == 4
    assert (told[wren.id].minutes, told[wren.id].turns, told[wren.id].words) == (20.0, 1, 3)
    assert told[wren.id].left_at == moment.at
    assert (told[robin.id].minutes, told[robin.id].words) == (10.0, 0)
    assert (told[ash.id].minutes, told[ash.id].left_at) == (0.0, NOON)
    found = summaries.summary_for(room.fern, room.id)
    assert (found.came, found.facilitated, found.minutes) == (3, 1, 10.0)
    assert [one.id for one in found.silent] == [robin.id, ash.id]
    assert found.turns.corrected == pytest.approx(1.0)
    with pytest.raises(Forbidden):
        summaries.summary_for(wren, room.id)


def test_known_values_of_the_gini_coefficient() -> None:
    assert gini([1, 1, 1, 1]) == corrected([1, 1, 1, 1]) == 0
    assert gini([0, 0, 0, 1]) == pytest.approx(0.75)
    assert corrected([0, 0, 0, 1]) == pytest.approx(1.0)
    assert gini([]) == corrected([]) == gini([0, 0]) == corrected([5]) == 0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_the_gini_coefficient_is_half_the_mean_difference(counts: list[int]) -> None:
    n, total = len(counts), sum(counts)
    differences = sum(abs(a - b) for a in counts for b in counts)
    expected = differences / (2 * n * total) if total else 0
    assert gini(counts) == pytest.approx(expected)
    assert 0 <= corrected(counts) <= 1 + 1e-9


def test_versions_count_every_change(app: Flask) -> None:
    room = Meeting.made().opened()
    said = [room.say(room.members[0], f"Word {n}") for n in range(5)]
    hide(room.fern, said[0])
    db.done_reading()
    versions = [r.version for r in room_queries.changes_after(room.fern, room.id, 0, 10)]
    assert all(before < after for before, after in pairwise(versions))
    assert versions[-1] == room.view().version
