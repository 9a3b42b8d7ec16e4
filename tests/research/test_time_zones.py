"""Days, weeks and hours are the study's, or a participant's own where they have set a zone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from forum.core import clock, db, time_zones
from forum.core.errors import Invalid, NotFound
from forum.research import queries, service
from forum.research.consent import consent_checks
from forum.research.figures import figure_jobs
from forum.research.recording import study_participants
from forum.research.studies import planning
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_forms import FACTS
from tests.support.research.study_records import event, person, written

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "America/Havana",
    "Pacific/Pago_Pago",
    "Africa/Casablanca",
)
BEGIN, DAYS = date(2026, 3, 1), 280
START = datetime(2026, 3, 3, tzinfo=UTC)
MINUTES = st.integers(0, (DAYS - 6) * 24 * 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def counted(moments: list[datetime], zone: str) -> tuple[int, int, int]:
    """Return active days, active weeks and night acts, reckoned by Python's own clock."""
    local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
    days = {(each.date() - BEGIN).days for each in local}
    return len(days), len({day // 7 for day in days}), sum(each.hour < 5 for each in local)


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(ZONES),
    st.lists(
        st.tuples(st.none() | st.sampled_from(ZONES), st.lists(MINUTES, max_size=12)), max_size=5
    ),
)
def test_days_weeks_and_nights_are_those_of_each_clock(
    study: str, people: list[tuple[str | None, list[int]]]
) -> None:
    rows = [
        person(key) | {"joined_at": START, "zone": zone} for key, (zone, _) in enumerate(people)
    ]
    moments = [[START + timedelta(minutes=each) for each in minutes] for _, minutes in people]
    acts = [
        event("session", key) | {"at": moment} for key, own in enumerate(moments) for moment in own
    ]
    with (
        TemporaryDirectory() as name,
        opened(written(Path(name), rows, acts), Window(BEGIN, DAYS, study)) as record,
    ):
        found = record.base.execute(
            "SELECT active_days, active_weeks, night_acts FROM totals ORDER BY participant"
        ).fetchall()
    assert found == [
        counted(own, zone or study) for own, (zone, _) in zip(moments, people, strict=True)
    ]


@pytest.mark.parametrize(
    ("zone", "moments", "days", "nights"),
    [
        # Clocks go forward: the day has 23 hours, and both ends of it are one day.
        ("Europe/Berlin", ["2026-03-28 23:00", "2026-03-29 21:59"], 1, 1),
        ("Europe/Berlin", ["2026-03-28 23:00", "2026-03-29 22:00"], 2, 2),
        # Clocks go back: 25 hours, half past two comes twice.
        ("Europe/Berlin", ["2026-10-25 00:30", "2026-10-25 01:30"], 1, 2),
        ("Europe/Berlin", ["2026-10-24 22:00", "2026-10-25 22:59"], 1, 1),
        # By half an hour, in Lord Howe: half past one to two comes twice.
        ("Australia/Lord_Howe", ["2026-04-04 14:45", "2026-04-04 15:15"], 1, 2),
        ("Pacific/Kiritimati", ["2026-05-01 09:59", "2026-05-01 10:00"], 2, 1),
        ("Asia/Kathmandu", ["2026-05-01 18:14", "2026-05-01 18:15"], 2, 1),
        ("Nowhere/Such", ["2026-05-01 23:59", "2026-05-02 00:00"], 2, 1),  # as the study's, UTC
    ],
)
def test_days_of_23_and_25_hours_and_halves(
    tmp_path: Path, zone: str, moments: list[str], days: int, nights: int
) -> None:
    acts = [event("session", 1) | {"at": at(text)} for text in moments]
    people = [person(1) | {"joined_at": START, "zone": zone}]
    with opened(written(tmp_path, people, acts), Window(BEGIN, DAYS)) as record:
        assert record.row("SELECT active_days, night_acts FROM totals") == (days, nights)


def test_a_day_ends_where_the_study_is() -> None:
    last = date(2026, 5, 1)
    for zone, end in (
        ("UTC", "2026-05-02 00:00"),
        ("Pacific/Kiritimati", "2026-05-01 10:00"),
        ("Pacific/Pago_Pago", "2026-05-02 11:00"),
        ("Asia/Kathmandu", "2026-05-01 18:15"),
    ):
        assert time_zones.midnight(last + timedelta(days=1), zone) == at(end)
        assert not consent_checks.is_study_over(last, at(end) - timedelta(seconds=1), zone)
        assert consent_checks.is_study_over(last, at(end), zone)
    # Havana skips midnight on this day: it begins at one o'clock.
    assert time_zones.midnight(date(2026, 3, 8), "America/Havana") == at("2026-03-08 05:00")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_study_opens_counts_and_closes_in_its_zone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    group_id = factories.group()
    facts = FACTS | {"zone": "Pacific/Kiritimati", "starts_on": "2030-02-01"}
    facts |= {"ends_on": "2030-02-20"}
    study_id = planning.create_study("far", document="I agree.", group_ids=[group_id], **facts)
    monkeypatch.setattr(clock, "now", lambda: at("2030-01-31 10:00"))  # the first, over there
    planning.open_study(study_id)
    db.release_session()
    assert figure_jobs._begin(queries.study_at("far")) == date(2030, 2, 1)
    monkeypatch.setattr(clock, "now", lambda: at("2030-02-20 09:59"))
    planning.close_ended()
    db.release_session()
    assert queries.study_at("far").closed_at is None
    monkeypatch.setattr(clock, "now", lambda: at("2030-02-21 12:00"))
    planning.close_ended()
    db.release_session()
    assert queries.study_at("far").closed_at == at("2030-02-20 10:00")


def test_a_zone_is_one_that_there_is_and_stays_once_the_study_is_open(app: Flask) -> None:
    room = study_world.study()
    for wrong in ("", "Mars/Base", "europe/berlin", "Etc/GMT+5", "../UTC"):
        with pytest.raises(Invalid) as refused:
            planning.create_study(
                "other",
                document="I agree.",
                group_ids=[room.group_id],
                **(FACTS | {"zone": wrong}),
            )
        assert set(refused.value.fields) == {"zone"}
    with pytest.raises(Invalid) as refused:
        planning.edit_study(None, room.study_id, zone="Europe/Berlin")
    assert set(refused.value.fields) == {"zone"}
    planning.edit_study(None, room.study_id, zone="UTC", title="Another title")
    assert queries.study_at(room.slug).zone == "UTC"


def test_participants_alone_set_their_own_zone_and_it_goes_into_the_snapshot(app: Flask) -> None:
    room = study_world.study()
    me, other = room.member(), room.member()
    room.agree(me)
    with pytest.raises(NotFound):
        service.set_time_zone(other, room.slug, "Asia/Tokyo")
    with pytest.raises(Invalid):
        service.set_time_zone(me, room.slug, "Asia/Nowhere")
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    factories.log_in(browser, me)
    answer = browser.post(f"/studies/{room.slug}/zone", data={"zone": "Asia/Tokyo"})
    assert answer.status_code == 303
    assert "selected" in browser.get(f"/studies/{room.slug}").text
    assert browser.get(f"/studies/{room.slug}/held").get_json()["time_zone"] == "Asia/Tokyo"
    db.release_session()
    [row] = (
        db.current_session()
        .execute(study_participants.participants(room.study_id))
        .mappings()
        .all()
    )
    assert row["zone"] == "Asia/Tokyo"
    service.set_time_zone(me, room.slug, "")
    db.release_session()
    assert queries.participant_time_zone(row["participant"]) is None
