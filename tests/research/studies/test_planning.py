"""Making and changing a study: by whom, until when, and what it asks of participants."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.errors import Conflict, Forbidden, Invalid, LoginNeeded, NotFound
from forum.research import queries
from forum.research.models import StudyGroup
from forum.research.studies import audit_log, fields, planning, researcher_access, researchers
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_forms import FACTS


def dated(starts_on: str, ends_on: str) -> fields.Facts:
    return {**FACTS, "starts_on": starts_on, "ends_on": ends_on}


def researcher(room: study_world.StudyWorld) -> Viewer:
    person = factories.person()
    researchers.name_researcher(None, room.study_id, person.handle)
    return person


def test_everything_that_is_wrong_is_said_at_once(app: Flask) -> None:
    with pytest.raises(Invalid) as refused:
        planning.create_study("New Study", document=" ", group_ids=[], starts_on="soon")
    assert set(refused.value.fields) == {
        "slug",
        "title",
        "about",
        "run_by",
        "ethics",
        "contact",
        "document",
        "groups",
        "starts_on",
    }
    with pytest.raises(Invalid, match="problem with what you entered"):
        planning.create_study("ledger", document="Yes.", group_ids=[factories.group()], **FACTS)
    with pytest.raises(Invalid) as order:
        planning.create_study(
            "order",
            document="Yes.",
            group_ids=[factories.group()],
            **dated("2027-02-01", "2027-01-31"),
        )
    assert set(order.value.fields) == {"ends_on"}


def test_administrators_plan_and_open(app: Flask) -> None:
    group, boss = factories.group(), factories.administrator()
    for by, refusal in ((factories.person(), Forbidden), (Viewer(), LoginNeeded)):
        with pytest.raises(refusal):
            planning.create_study("sleep", document="Yes.", group_ids=[group], by=by, **FACTS)
    study_id = planning.create_study("sleep", document="Yes.", group_ids=[group], by=boss, **FACTS)
    for act in (planning.open_study, planning.close_study):
        with pytest.raises(Forbidden):
            act(study_id, by=factories.person())
    planning.open_study(study_id, by=boss)
    planning.close_study(study_id, by=boss)
    told = [(each.action, each.by) for each in audit_log.entries("sleep", None, 1)]
    assert told == [(act, boss.handle) for act in ("closed", "opened", "planned")]


def test_researchers_write_a_study_until_it_is_opened(app: Flask) -> None:
    room = study_world.study(opened=False)
    person, boss = researcher(room), factories.administrator()
    planning.edit_study(person, room.study_id, title="Sleep and tea")
    planning.edit_study(person, room.study_id, title="Sleep and tea")
    assert planning.change_document(room.study_id, "Clearer words.", by=person) == 2
    assert planning.change_document(room.study_id, "Clearer words.", by=person) == 2
    with pytest.raises(Forbidden):
        planning.edit_study(person, room.study_id, group_ids=[room.other_id])
    with pytest.raises(NotFound):
        planning.edit_study(factories.person(), room.study_id, title="Mine")
    newest = audit_log.entries(room.slug, person, 1)
    assert [each.action for each in newest] == ["document_changed", "changed"]
    assert newest[1].details == {"before": {"title": "Sleep and company"}}
    planning.open_study(room.study_id, by=boss)
    with pytest.raises(Forbidden, match="Only an administrator"):
        planning.edit_study(person, room.study_id, title="Sleep")
    with pytest.raises(Forbidden):
        planning.change_document(room.study_id, "Other words.", by=person)
    planning.edit_study(boss, room.study_id, title="Sleep")
    assert queries.study_at(room.slug).title == "Sleep"


def test_a_proposed_document_waits_for_an_administrator(app: Flask) -> None:
    room = study_world.study()
    person, member = researcher(room), room.member()
    room.agree(member)
    planning.propose_document(person, room.study_id, "First try.")
    planning.propose_document(person, room.study_id, "Second try.")
    assert researcher_access.proposed_document(room.study_id) == "Second try."
    assert queries.study_for(member, room.slug).text == study_world.WORDS
    with pytest.raises(NotFound):
        planning.propose_document(member, room.study_id, "Mine.")
    planning.change_document(room.study_id, "Second try.", by=factories.administrator())
    assert researcher_access.proposed_document(room.study_id) == ""
    view = queries.study_for(member, room.slug)
    assert (view.version, view.consent_version, view.text) == (2, 1, "Second try.")


def test_a_group_can_leave_an_open_study_and_none_can_come(app: Flask) -> None:
    room, boss = study_world.study(), factories.administrator()
    with pytest.raises(Invalid) as refused:
        planning.edit_study(boss, room.study_id, group_ids=[room.group_id, room.other_id])
    assert "can't add one" in refused.value.fields["groups"]
    with pytest.raises(Invalid):
        planning.edit_study(boss, room.study_id, group_ids=[])
    planned = study_world.study("planned", opened=False)
    both = [planned.group_id, planned.other_id]
    planning.edit_study(boss, planned.study_id, group_ids=both)
    planning.open_study(planned.study_id)
    planning.edit_study(boss, planned.study_id, group_ids=[planned.other_id])
    assert list(researcher_access.groups_of(planned.study_id)) == [planned.other_id]
    left = db.current_session().get_one(StudyGroup, (planned.study_id, planned.group_id)).left_at
    assert left
    with pytest.raises(Invalid):  # who has left cannot come back either
        planning.edit_study(boss, planned.study_id, group_ids=both)


def test_a_study_opens_no_sooner_and_closes_by_itself(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    study_id = planning.create_study(
        "dated",
        document="Yes.",
        group_ids=[factories.group()],
        **dated("2027-03-01", "2027-03-10"),
    )
    moment = datetime(2027, 2, 28, 23, 59, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    with pytest.raises(Conflict, match="starts on 1 March 2027"):
        planning.open_study(study_id)
    moment += timedelta(minutes=1)
    planning.open_study(study_id)
    moment = datetime(2027, 3, 10, 23, 59, tzinfo=UTC)
    planning.close_ended()
    assert queries.study_at("dated").state == "open"
    moment += timedelta(minutes=1)
    planning.close_ended()
    planning.close_ended()
    assert queries.study_at("dated").state == "closed"
    assert [each.action for each in audit_log.entries("dated", None, 1)] == [
        "closed",
        "opened",
        "planned",
    ]
