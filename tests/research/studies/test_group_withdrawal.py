"""A group leaves a study: recording ends there, what was given stays, and people are notified."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import NotFound
from forum.groups import service as groups
from forum.notifications import queries as notifications
from forum.research import queries, service
from forum.research.consent import participant_cache
from forum.research.recording import study_snapshot
from forum.research.studies import group_withdrawal
from forum.threads import service as threads
from tests.support import factories
from tests.support.research import study_world


def busy(viewer: Viewer, group_id: int, other: Viewer) -> None:
    """Write in a group, and be met with a hug."""
    place = factories.thread(viewer, group_id)
    threads.react(other, place.id, "hug", on=True)


BUSY = ["thread_started", "reaction_received"]


def told(viewer: Viewer) -> list[str]:
    found = [line.about for line in notifications.lines(viewer)]
    db.release_session()
    return found


def test_recording_ends_in_that_group_alone_and_what_was_given_stays(
    app: Flask, tmp_path: Path
) -> None:
    room = study_world.in_two_groups()
    ash, wren = room.member(), room.member()
    room.agree(ash)
    busy(ash, room.group_id, wren)
    assert participant_cache.may_record(ash.id or 0, room.group_id)
    group_withdrawal.withdraw_group(room.study_id, room.group_id)
    assert not participant_cache.may_record(
        ash.id or 0, room.group_id
    )  # so no page measures reading
    assert participant_cache.may_record(ash.id or 0, room.other_id)
    busy(ash, room.group_id, wren)
    assert room.kinds(ash) == ["consent_given", *BUSY]
    busy(ash, room.other_id, wren)
    accounts.open_session(ash.id or 0)
    assert room.kinds(ash) == ["consent_given", *BUSY, *BUSY, "signed_in"]
    groups.leave(ash, room.group_id)
    assert len(room.rows(ash)) == 6
    study_snapshot.write(room.study_id, tmp_path)
    places = pq.read_table(tmp_path / "events.parquet")["group_id"].to_pylist()
    assert places.count(room.group_id) == 2


def test_nothing_is_recorded_after_the_last_group_has_left(app: Flask) -> None:
    room = study_world.study()
    ash = room.member()
    room.agree(ash)
    group_withdrawal.withdraw_group(room.study_id, room.group_id)
    accounts.open_session(ash.id or 0)
    assert room.kinds(ash) == ["consent_given"]


def test_nobody_is_asked_there_any_more_and_participants_keep_their_page(app: Flask) -> None:
    room = study_world.study()
    ash, wren = room.member(), room.member()
    room.agree(ash)
    group_withdrawal.withdraw_group(room.study_id, room.group_id)
    assert queries.invitations(wren.id or 0) == []
    with pytest.raises(NotFound):
        queries.study_for(wren, room.slug)
    with pytest.raises(NotFound):
        room.agree(wren)
    client = app.test_client()
    factories.log_in(client, ash)
    page = client.get(f"/studies/{room.slug}").text
    assert "no longer takes part in this study" in page
    assert room.slug in client.get("/account").text
    service.withdraw(ash, room.slug, erase=True)
    assert room.rows() == []


def test_a_later_consent_does_not_reach_into_a_group_that_has_left(app: Flask) -> None:
    room = study_world.in_two_groups()
    ash, wren = room.member(), room.member()
    for group_id in (room.group_id, room.other_id):
        factories.thread(ash, group_id)
    room.agree(wren, "record", "past")
    group_withdrawal.withdraw_group(room.study_id, room.group_id)
    room.agree(ash, "record", "past")
    assert {row["group_id"] for row in room.rows(ash)} == {None, room.other_id}
    service.withdraw(wren, room.slug, erase=False)
    room.agree(wren, "record", "past")
    joined = [row["group_id"] for row in room.rows(wren) if row["kind"] == "group_joined"]
    assert sorted(joined) == sorted([room.group_id, room.other_id])  # given before it left


def test_only_participants_in_the_group_are_notified_once(app: Flask) -> None:
    room = study_world.in_two_groups()
    inside, outside, gone, asked, elsewhere = (room.member() for _ in range(5))
    for person in (inside, gone, elsewhere):
        room.agree(person)
    room.agree(asked, "contact")
    service.withdraw(gone, room.slug, erase=False)
    groups.leave(elsewhere, room.group_id)
    for _ in range(2):
        group_withdrawal.withdraw_group(room.study_id, room.group_id)
    (line,) = told(inside)
    assert "has left a study you take part in" in line
    assert not any(told(person) for person in (outside, gone, asked, elsewhere))


def test_a_group_in_which_it_never_was_cannot_leave(app: Flask) -> None:
    room = study_world.study()
    with pytest.raises(NotFound, match="doesn't take place"):
        group_withdrawal.withdraw_group(room.study_id, room.other_id)
