"""Who runs a study: named by administrators, never by accident together with caring for people."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.cli.main import forum as command
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid, LoginNeeded, NotFound, Refusal
from forum.groups import service as groups
from forum.research import service
from forum.research.studies import audit_log, planning, researcher_access, researchers
from forum.research.studies.models import ResearchLogEntry
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import StudyWorld


@pytest.fixture
def room(app: Flask) -> StudyWorld:
    return study_world.study()


def code(viewer: Viewer, slug: str) -> str:
    """Return why somebody does not see a study; nothing for one who does."""
    try:
        researcher_access.study_for(viewer, slug)
    except Refusal as refusal:
        return refusal.code
    return ""


def acts(slug: str) -> list[tuple[str, str | None, str | None, str]]:
    return [
        (each.action, each.by, each.about, each.reason) for each in audit_log.entries(slug, None, 1)
    ]


def test_a_researcher_sees_only_studies_that_name_them(room: StudyWorld) -> None:
    other, person, boss = study_world.study("other"), factories.person(), factories.administrator()
    assert code(person, room.slug) == "not_found"
    researchers.name_researcher(boss, room.study_id, person.handle)
    researchers.name_researcher(boss, room.study_id, person.handle)
    assert (code(person, room.slug), code(person, other.slug)) == ("", "not_found")
    assert [each.slug for each in researcher_access.studies_of(person)] == [room.slug]
    assert [each.slug for each in researcher_access.studies_of(boss)] == [other.slug, room.slug]
    assert acts(room.slug)[0] == ("named", boss.handle, person.handle, "")
    assert [each.action for each in audit_log.entries(room.slug, boss, 1)] == ["named"]
    researchers.remove_researcher(boss, room.study_id, person.id or 0)
    researchers.remove_researcher(boss, room.study_id, person.id or 0)
    assert code(person, room.slug) == "not_found"
    assert [each[0] for each in acts(room.slug)] == ["unnamed", "named", "opened", "planned"]


def test_only_administrators_name(room: StudyWorld) -> None:
    person = factories.person()
    researchers.name_researcher(None, room.study_id, person.handle)
    moderator = factories.join(factories.person(), room.group_id, "moderator")
    for by, refusal in ((person, Forbidden), (moderator, Forbidden), (Viewer(), LoginNeeded)):
        with pytest.raises(refusal):
            researchers.name_researcher(by, room.study_id, factories.person().handle)
        with pytest.raises(refusal):
            researchers.remove_researcher(by, room.study_id, person.id or 0)
        with pytest.raises(refusal):
            researchers.researchers_of(by, room.study_id)
    assert code(person, room.slug) == ""
    with pytest.raises(Invalid, match="problem with what you entered"):
        researchers.name_researcher(None, room.study_id, "nobodyhere")
    with pytest.raises(NotFound):
        researchers.name_researcher(None, 999, person.handle)


@pytest.mark.parametrize("role", ["facilitator", "moderator"])
def test_who_moderates_a_studied_group_needs_a_recorded_reason(room: StudyWorld, role: str) -> None:
    person = factories.join(factories.person(), room.group_id, role)
    with pytest.raises(Invalid) as refused:
        researchers.name_researcher(None, room.study_id, person.handle)
    assert "moderates Group" in refused.value.fields["why"]
    assert code(person, room.slug) == "not_found"
    researchers.name_researcher(
        None, room.study_id, person.handle, "There is nobody else in this region."
    )
    assert code(person, room.slug) == ""
    assert acts(room.slug)[0] == (
        "excused",
        None,
        person.handle,
        "There is nobody else in this region.",
    )


def test_a_role_that_comes_later_closes_the_study_until_a_reason_is_recorded(
    room: StudyWorld,
) -> None:
    person = room.member()
    researchers.name_researcher(None, room.study_id, person.handle)
    groups.set_role(None, room.other_id, person.id or 0, "moderator")
    assert code(person, room.slug) == ""  # nobody studies that group
    groups.set_role(None, room.group_id, person.id or 0, "facilitator")
    assert code(person, room.slug) == "two_roles"
    assert [each.open for each in researcher_access.studies_of(person)] == [False]
    assert acts(room.slug)[0][:2] == ("two_roles", person.handle)
    assert len(researchers.researchers_of(None, room.study_id)[0].two_roles) == 1
    researchers.name_researcher(None, room.study_id, person.handle, "For the time of a leave.")
    assert code(person, room.slug) == ""
    groups.set_role(None, room.group_id, person.id or 0, "moderator")
    assert code(person, room.slug) == ""
    assert [each[0] for each in acts(room.slug)][:2] == ["excused", "two_roles"]


def test_a_reason_is_for_the_groups_of_then_and_goes_with_the_name(app: Flask) -> None:
    room = study_world.study("planned", opened=False)
    person = factories.join(factories.person(), room.group_id, "moderator")
    factories.join(person, room.other_id, "moderator")
    researchers.name_researcher(None, room.study_id, person.handle, "As agreed with the board.")
    planning.edit_study(None, room.study_id, group_ids=[room.group_id, room.other_id])
    assert code(person, room.slug) == "two_roles"
    planning.edit_study(None, room.study_id, group_ids=[room.group_id])
    assert code(person, room.slug) == ""
    researchers.remove_researcher(None, room.study_id, person.id or 0)
    with pytest.raises(Invalid):
        researchers.name_researcher(None, room.study_id, person.handle)


def test_nobody_is_in_the_study_that_they_run(room: StudyWorld) -> None:
    person = room.member()
    room.agree(person)
    researchers.name_researcher(
        None, room.study_id, person.handle
    )  # it is not told that they take part
    assert code(person, room.slug) == "takes_part"
    service.withdraw(person, room.slug, erase=False)
    assert code(person, room.slug) == ""
    with pytest.raises(Conflict, match="names you as a researcher"):
        room.agree(person)


def test_who_is_suspended_sees_nothing(room: StudyWorld) -> None:
    person = factories.person()
    researchers.name_researcher(None, room.study_id, person.handle)
    later = clock.now().replace(year=clock.now().year + 1)
    accounts.suspend(person.id or 0, because="Unkind words", until=later)
    from forum.accounts.queries import viewer

    assert code(viewer(person.id or 0) or Viewer(), room.slug) == "suspended"


def test_the_log_is_only_added_to(room: StudyWorld) -> None:
    for change in (
        update(ResearchLogEntry).values(action="closed"),
        update(ResearchLogEntry).values(reason="Another"),
        update(ResearchLogEntry).values(details={"x": 1}),
        delete(ResearchLogEntry),
    ):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(change)
    with transaction() as session:
        session.execute(update(ResearchLogEntry).values(by_id=None, reason=""))


def test_the_operator_names_and_unnames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_INSTANCE", str(tmp_path))
    document = tmp_path / "consent.md"
    document.write_text("I agree.")

    def forum(*words: str) -> Result:
        return CliRunner().invoke(command, words)

    for done in (
        forum("group", "create", "night", "Night owls"),
        forum("user", "create", "quill"),
        forum("group", "role", "night", "quill", "moderator"),
        forum(
            "study",
            "create",
            "sleep",
            "Sleep",
            "--about",
            "Company",
            "--run-by",
            "Us",
            "--ethics",
            "Board 7",
            "--contact",
            "Desk",
            "--document",
            str(document),
            "--group",
            "night",
            "--ends-on",
            "2030-01-31",
        ),
    ):
        assert done.exit_code == 0, done.output
    refused = forum("study", "researcher", "name", "sleep", "quill")
    assert (refused.exit_code, "moderates Night owls" in refused.output) == (1, True)
    why = ("--although", "Nobody else is there.")
    assert forum("study", "researcher", "name", "sleep", "quill", *why).exit_code == 0
    assert forum("study", "researcher", "list", "sleep").output.startswith("quill\t")
    assert forum("study", "researcher", "unname", "sleep", "quill").exit_code == 0
    assert forum("study", "researcher", "list", "sleep").output == ""
    assert forum("worker").exit_code == 0
    assert forum("study", "recall", "sleep").output == ""
    assert forum("study", "leave", "sleep", "night").output == "night has left sleep.\n"
    assert "night" in forum("study", "leave", "sleep", "night").output
