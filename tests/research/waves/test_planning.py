"""Choosing questionnaires and waves: what is refused, by every door, and what is locked."""

import dataclasses
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core import db
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from forum.core.web.forms.edit_conflicts import EditConflict
from forum.research import queries as study_queries
from forum.research.instruments.definition import Instrument
from forum.research.studies import audit_log, planning, researchers
from forum.research.waves import instrument_files, queries
from forum.research.waves import planning as wave_planning
from forum.research.waves.plan_fields import BASELINE, EVERY_WAVE
from tests.support import factories
from tests.support.research import study_world

PHQ8 = {"phq-8": EVERY_WAVE}
REFUSED = [
    ({"no-such": EVERY_WAVE}, {}, "instruments"),
    ({"phq-8": "often"}, {}, "instruments"),
    ({"phq-8": BASELINE}, {}, "instruments"),
    ({"phq-8": EVERY_WAVE, "ces-d": EVERY_WAVE, "gad-7": EVERY_WAVE, "phq-9": BASELINE}, {}, ""),
    ({"phq-9": EVERY_WAVE}, {}, "danger_watch"),
    (PHQ8, {"days": "0, soon"}, "days"),
    (PHQ8, {"days": ""}, "days"),
    (PHQ8, {"days": "14, 365"}, "days"),
    (PHQ8, {"days": "0, 91, 14, 365"}, "days"),
    (PHQ8, {"days": "0, 14, 91"}, "days"),
    (PHQ8, {"days": "0, 9999"}, "days"),
    (PHQ8, {"days": " ".join(map(str, range(0, 400, 30)))}, "days"),
    (PHQ8, {"days": "0, 3, 365"}, "days"),
    (PHQ8, {"opens_before_days": "15"}, "opens_before_days"),
    (PHQ8, {"closes_after_days": "0"}, "closes_after_days"),
    (PHQ8, {"danger_watch": "x" * 301}, "danger_watch"),
]


@pytest.mark.parametrize(("instruments", "facts", "field"), REFUSED)
def test_what_is_refused(
    app: Flask, instruments: dict[str, str], facts: dict[str, str], field: str
) -> None:
    room = study_world.study(opened=False)
    with pytest.raises(Invalid) as refused:
        wave_planning.plan_waves(None, room.study_id, instruments, **facts)
    assert (field or "instruments") in refused.value.fields
    assert queries.plan_of(room.study_id).instruments == {}


def test_a_plan_is_kept_in_its_order_and_can_be_taken_back(app: Flask) -> None:
    room = study_world.study(opened=False)
    chosen = {"phq-9": EVERY_WAVE, "background": BASELINE}
    for _again in range(2):
        wave_planning.plan_waves(
            None,
            room.study_id,
            chosen,
            days="0 30 400",
            danger_watch="Dr Example, each weekday",
        )
    plan = queries.plan_of(room.study_id)
    assert list(plan.instruments.items()) == list(chosen.items())
    assert (plan.days, plan.danger_watch) == ((0, 30, 400), "Dr Example, each weekday")
    assert (plan.of_wave(0), plan.of_wave(2)) == (["phq-9", "background"], ["phq-9"])
    wave_planning.plan_waves(None, room.study_id, {})
    assert queries.waves_of(room.study_id) == []
    told = [each.action for each in audit_log.entries(room.slug, None, 1)]
    assert told.count("waves_planned") == 2


def test_who_may_and_until_when(app: Flask) -> None:
    room, boss = study_world.study(opened=False), factories.administrator()
    person = factories.person()
    researchers.name_researcher(None, room.study_id, person.handle)
    before = wave_planning.version(queries.plan_of(room.study_id))
    wave_planning.plan_waves(person, room.study_id, PHQ8, shown=before)
    with pytest.raises(EditConflict):
        wave_planning.plan_waves(person, room.study_id, {"gad-7": EVERY_WAVE}, shown=before)
    with pytest.raises(NotFound):
        wave_planning.plan_waves(factories.person(), room.study_id, PHQ8)
    planning.open_study(room.study_id, by=boss)
    with pytest.raises(Forbidden):
        wave_planning.plan_waves(person, room.study_id, {})
    with pytest.raises(Conflict, match="no longer be changed"):
        wave_planning.plan_waves(boss, room.study_id, {})


def test_a_changed_file_is_refused_by_its_hash(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    room = study_world.study(opened=False)
    wave_planning.plan_waves(None, room.study_id, PHQ8)
    there = instrument_files.askable()

    def with_files(files: Mapping[str, Instrument]) -> None:
        monkeypatch.setattr(instrument_files, "askable", lambda: files)

    newer = dataclasses.replace(there["phq-8"], content_hash="1" * 64, version=2)
    with_files({**there, "phq-8": newer})
    planning.open_study(room.study_id)  # what the file says as it opens is what holds
    locked = queries.locked_instruments(room.study_id)
    assert [one.instrument.version for one in locked.values()] == [2]
    for files in (there, {}):
        with_files(files)
        with pytest.raises(Unavailable, match="isn't the one"):
            queries.locked_instruments(room.study_id)


def test_a_study_does_not_open_without_its_files(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = study_world.study(opened=False)
    wave_planning.plan_waves(None, room.study_id, PHQ8)
    monkeypatch.setattr(instrument_files, "askable", dict)
    with pytest.raises(Conflict, match="no longer there"):
        planning.open_study(room.study_id)
    db.release_session()
    assert study_queries.study_at(room.slug).state == "planned"


def test_the_page_and_its_json(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room, boss = study_world.study(opened=False), factories.administrator()
    factories.log_in(client, boss)
    where = f"/research/{room.slug}/questionnaires"
    wrong = client.post(where, data={"ask-phq-9": EVERY_WAVE, "days": "0, 400"})
    assert wrong.status_code == 422
    assert "choose PHQ-8" in wrong.text
    assert 'value="0, 400"' in wrong.text
    json = {"Accept": "application/json"}
    refused = client.post(where, data={"ask-phq-9": EVERY_WAVE}, headers=json)
    assert set(refused.get_json()["error"]["fields"]) == {"danger_watch"}
    done = client.post(where, data={"ask-phq-8": EVERY_WAVE, "ask-gad-7": ""}, headers=json)
    assert done.get_json()["slug"] == room.slug
    assert "15 questions" not in client.get(where).text
    assert "8 questions at the beginning" in client.get(where).text
    planning.open_study(room.study_id)
    closed = client.get(where).text
    assert "no longer shows it" in closed
    assert "<form" not in closed.split("plan-title")[1].split("</section>")[0]
    late = client.post(where, data={"ask-phq-8": EVERY_WAVE})
    assert late.status_code == 409
