"""What each process knows of who takes part: right at once where it changes, soon elsewhere."""

import time

import pytest
from flask import Flask

from forum.core import clock, db
from forum.research import service
from forum.research.consent import participant_cache
from forum.research.recording import reading_rows
from forum.research.recording.reading_rows import Page, ReadingSignal
from forum.research.studies import group_withdrawal, planning
from tests.support.research import study_world


def test_it_follows_every_change_in_its_own_process(app: Flask) -> None:
    room = study_world.in_two_groups()
    ash, wren = room.member(), room.member()
    me, here, there = ash.id or 0, room.group_id, room.other_id

    def answers() -> tuple[bool, bool]:
        assert not participant_cache.may_record(wren.id or 0, here)
        return participant_cache.may_record(me, here), participant_cache.may_record(me, there)

    assert answers() == (False, False)
    room.agree(ash, "contact")  # not to be recorded
    assert answers() == (False, False)
    room.agree(ash)
    assert answers() == (True, True)
    group_withdrawal.withdraw_group(room.study_id, there)
    assert answers() == (True, False)
    service.withdraw(ash, room.slug, erase=False)
    assert answers() == (False, False)
    room.agree(ash)
    assert answers() == (True, False)
    planning.close_study(room.study_id)
    assert answers() == (False, False)


def test_a_study_begins_for_all_when_it_is_opened(app: Flask) -> None:
    room = study_world.study(opened=False)
    ash = room.member()
    assert not participant_cache.may_record(ash.id or 0, room.group_id)
    planning.open_study(room.study_id)
    room.agree(ash)
    assert participant_cache.may_record(ash.id or 0, room.group_id)


def test_pages_ask_the_database_nothing_for_some_seconds(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = study_world.study()
    ash = room.member()
    asked, fetched = list[str](), participant_cache._fetched

    def counted() -> participant_cache._Cache:
        asked.append("all")
        return fetched()

    monkeypatch.setattr(participant_cache, "_fetched", counted)
    moment = time.monotonic()
    monkeypatch.setattr("forum.research.consent.participant_cache.time.monotonic", lambda: moment)
    for _ in range(3):
        participant_cache.may_record(ash.id or 0, room.group_id)
    assert asked == ["all"]
    moment += participant_cache.CACHED_FOR_S + 0.1
    participant_cache.may_record(ash.id or 0, room.group_id)
    assert asked == ["all", "all"]


def test_withdrawal_in_another_process_stops_recording(
    app: Flask,
) -> None:
    room = study_world.study()
    ash = room.member()
    room.agree(ash)
    assert participant_cache.may_record(ash.id or 0, room.group_id)
    stale = participant_cache._cache
    service.withdraw(ash, room.slug, erase=False)
    participant_cache._cache = stale  # as in a process that has not heard of it yet
    assert participant_cache.may_record(ash.id or 0, room.group_id)
    now = clock.now()
    reading_rows.record((ReadingSignal(Page(1, ash.id or 0, room.group_id, 1, now), now),))
    db.release_session()
    assert room.kinds(ash) == ["consent_given", "consent_withdrawn"]
