"""Researchers are notified: when they are named, and what came of the release they asked for.

Nobody else hears of it, and nothing in it is about participants.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.groups import service as groups
from forum.notifications import broadcasts as live
from forum.notifications import queries as notifications
from forum.notifications import service as telling
from forum.research import researcher_notifications, service
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.requests import queue, worker
from forum.research.releases.requests import service as jobs
from forum.research.studies import group_withdrawal, researchers
from forum.settings.environment import Settings
from tests.support import factories, notification_badge
from tests.support.research import study_world
from tests.support.research.study_world import PASSWORD, StudyWorld


@dataclass
class Office:
    """A study with people who share, two who run it, and where its releases are kept."""

    room: StudyWorld
    people: list[Viewer]
    ash: Viewer
    wren: Viewer
    instance: Path

    def ask(self, tier: str = "aggregate") -> int:
        asked = ReleaseRequest(
            self.room.slug, "Sleep", tier, made_by="Dr Example", reason="A report"
        )
        return jobs.request_release(self.ash, asked, PASSWORD)

    def work(self) -> None:
        worker.work(self.instance)
        db.release_session()


@pytest.fixture
def office(app: Flask, settings: Settings) -> Office:
    room, people = study_world.full()
    ash, wren = (factories.person(password=PASSWORD) for _ in range(2))
    for one in (ash, wren):
        researchers.name_researcher(None, room.study_id, one.handle)
    telling.read(ash)
    return Office(room, people, ash, wren, settings.instance)


def told(viewer: Viewer) -> list[str]:
    found = [line.about for line in notifications.lines(viewer) if not line.read]
    assert notification_badge.unread(viewer.id or 0) == len(found)
    db.release_session()
    return found


def test_a_named_researcher_is_notified_once_with_a_link(app: Flask) -> None:
    room, boss = study_world.study(), factories.administrator()
    ash, wren = factories.person(), room.member()
    for _ in range(2):
        researchers.name_researcher(boss, room.study_id, ash.handle)
    named = "You're now a researcher on the study “Sleep and company” and can see its"
    assert told(ash) == [f"{named} figures and releases"]
    assert told(wren) == told(boss) == []
    (line,) = notifications.lines(ash)
    assert telling.read(ash, line.id) == f"/research/{room.slug}"
    assert told(ash) == []


def test_a_former_researcher_is_not_notified_until_named_again(app: Flask) -> None:
    room, other = study_world.study(), study_world.study("walks")
    ash, wren = factories.person(), factories.person()
    for one in (ash, wren):
        researchers.name_researcher(None, room.study_id, one.handle)
    researchers.name_researcher(None, other.study_id, ash.handle)
    researchers.remove_researcher(None, room.study_id, ash.id or 0)
    assert (len(told(ash)), len(told(wren))) == (1, 1)
    researchers.name_researcher(None, room.study_id, ash.handle)
    assert len(told(ash)) == 2


def test_only_the_requester_is_notified_that_a_release_is_ready(office: Office) -> None:
    before = told(office.wren)
    job_id = office.ask()
    assert told(office.ash) == []
    office.work()
    assert told(office.ash) == [
        "The release of “Sleep and company” you asked for is ready to download"
    ]
    assert told(office.wren) == before
    assert not any(told(person) for person in office.people)
    line = notifications.lines(office.ash)[0]
    assert telling.read(office.ash, line.id) == f"/research/sleep/releases/{job_id}"


def test_a_researcher_without_groups_finds_it_on_the_first_page(app: Flask, office: Office) -> None:
    office.ask()
    office.work()
    client = app.test_client()
    factories.log_in(client, office.ash)
    page = client.get("/").text
    assert "joined a group yet" in page
    assert "you asked for is ready to download" in page


def test_each_try_that_is_refused_is_notified(office: Office) -> None:
    for person in office.people[:10]:
        service.withdraw(person, office.room.slug, erase=True)
    job_id = office.ask("microdata")
    for _ in range(2):
        office.work()
        (words,) = told(office.ash)
        assert "was refused" in words
        telling.read(office.ash)
        jobs.retry(office.ash, "sleep", job_id, PASSWORD)
        assert told(office.ash) == []


def test_failed_and_recalled_releases_are_notified_without_participants(
    office: Office,
) -> None:
    failed = office.ask()
    queue.claim()
    queue.give_up(failed, "failed", "It broke.")
    assert "be made. You can start it again" in told(office.ash)[0]
    telling.read(office.ash)
    jobs.retry(office.ash, "sleep", failed, PASSWORD)
    office.work()
    gone = office.people[3]
    service.withdraw(gone, "sleep", erase=False)
    queue.recall(office.instance)
    (words,) = told(office.ash)  # that it was ready is no longer true, and no longer told
    assert words == (
        "A release of “Sleep and company” was withdrawn. Please delete what you downloaded."
    )
    assert gone.handle not in words


def test_deletion_is_notified_once_three_days_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.ask()
    office.work()
    telling.read(office.ash)
    moment = clock.now() + timedelta(days=26, hours=23)
    monkeypatch.setattr(clock, "now", lambda: moment)
    queue.warn_of_expiry()
    assert told(office.ash) == []
    moment += timedelta(hours=2)
    for _ in range(2):
        queue.warn_of_expiry()
    (words,) = told(office.ash)
    assert "removed in three days" in words
    moment += timedelta(days=3)
    queue.remove_expired(office.instance)
    assert told(office.ash) == []
    office.ask()  # a database may give the same number again
    office.work()
    assert len(told(office.ash)) == 1


def test_who_no_longer_sees_the_study_hears_nothing_of_its_releases(office: Office) -> None:
    office.ask()
    office.work()
    assert len(told(office.ash)) == 1
    factories.join(office.ash, office.room.group_id)
    groups.set_role(None, office.room.group_id, office.ash.id or 0, "moderator")
    assert told(office.ash) == []


def test_badges_are_updated_for_notified_researchers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    monkeypatch.setattr(live, "show_to", shown.extend)
    fern = factories.person()
    researchers.name_researcher(None, office.room.study_id, fern.handle)
    assert shown == [fern.id]
    shown.clear()
    researcher_notifications.show_recent()
    assert shown == []
    office.ask()
    office.work()
    assert shown == [office.ash.id]
    shown.clear()
    researcher_notifications.show_recent()  # as the server does, since another process made it
    assert shown == [office.ash.id]
    shown.clear()
    group_withdrawal.withdraw_group(office.room.study_id, office.room.group_id)
    assert set(shown) == {person.id for person in office.people}
