"""Members are notified of a study that opens, and participants of a changed document."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.groups import service as groups
from forum.notifications import queries
from forum.research import member_notifications
from forum.research import service as research
from forum.research.studies import planning, researchers
from tests.support import factories as make
from tests.support.research import study_world

DOCUMENT = "Other words. " * 20


class Planned:
    """A study that is planned in a group, a member, and somebody outside."""

    def __init__(self) -> None:
        self.group = make.group(name="Sleepless", slug="sleepless")
        self.member, self.other = (make.join(make.person(), self.group) for _ in range(2))
        self.outside = make.person()
        self.study = planning.create_study(
            "nights",
            title="Nights",
            about="Whether company helps.",
            run_by="A university",
            ethics="Board 7",
            contact="Desk 12",
            document=study_world.WORDS,
            group_ids=[self.group],
        )

    def agree(self, viewer: Viewer, version: int = 1) -> None:
        """Let somebody take part."""
        research.give_consent(viewer, "nights", version=version, clauses=["record"])


@pytest.fixture
def planned(app: Flask) -> Planned:
    """Return them."""
    return Planned()


def names(viewer: Viewer) -> list[str]:
    """Return the types of what somebody was notified of."""
    return [one.type for one in queries.lines(viewer) if one.type.startswith("study_")]


def test_members_of_its_groups_are_notified_once_and_nobody_else(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_notifications, "AT_ONCE", 1)
    researchers.name_researcher(None, planned.study, planned.other.handle)
    planning.open_study(planned.study)
    assert names(planned.member) == ["study_opened"]
    assert "study_opened" not in names(planned.other)  # who runs it
    assert names(planned.outside) == []


def test_it_is_not_shown_to_who_takes_part_has_left_or_when_it_is_over(planned: Planned) -> None:
    planning.open_study(planned.study)
    planned.agree(planned.member)
    assert names(planned.member) == []
    groups.leave(planned.other, planned.group)
    assert names(planned.other) == []
    third = make.join(make.person(), planned.group)
    planning.close_study(planned.study)
    assert names(third) == []


def test_of_one_that_was_opened_elsewhere_long_ago_nobody_is_notified(planned: Planned) -> None:
    planning.open_study(planned.study, at=clock.now() - timedelta(days=3))
    assert names(planned.member) == []


def test_participants_alone_are_notified_of_another_document_once(planned: Planned) -> None:
    planning.open_study(planned.study)
    planned.agree(planned.member)
    for words in (DOCUMENT, DOCUMENT, DOCUMENT + "More."):
        planning.change_document(planned.study, words)
    assert names(planned.member) == ["study_document"]
    assert names(planned.other) == ["study_opened"]
    research.withdraw(planned.member, "nights", erase=False)
    assert "study_document" not in names(planned.member)
