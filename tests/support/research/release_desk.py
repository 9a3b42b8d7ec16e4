"""A study with sixteen people who share, its researcher, and where releases are kept."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import db
from forum.research import queries
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.requests import queue, worker
from forum.research.releases.requests import service as jobs
from forum.research.releases.requests.models import ReleaseJob
from forum.research.studies import audit_log, researchers
from forum.settings.environment import Settings
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import PASSWORD, StudyWorld


@dataclass
class ReleaseWorld:
    """A study with sixteen people who share, its researcher, and where releases are kept."""

    room: StudyWorld
    instance: Path
    researcher: Viewer
    people: list[Viewer]

    def ask(self, viewer: Viewer | None = None, **wishes: Any) -> int:
        asked = ReleaseRequest(
            **{
                "study": self.room.slug,
                "title": "Sleep",
                "tier": "aggregate",
                "made_by": "Dr Example",
                "reason": "The yearly report",
                **wishes,
            }
        )
        return jobs.request_release(viewer or self.researcher, asked, PASSWORD)

    def work(self) -> None:
        worker.work(self.instance)
        db.release_session()

    def job(self, job_id: int) -> ReleaseJob:
        db.release_session()
        return jobs.job_of(queries.study_at(self.room.slug), job_id)

    def acts(self) -> list[str]:
        mine = audit_log.entries(self.room.slug, self.researcher, 1)
        return [each.action.removeprefix("release_") for each in mine][::-1]

    def left(self) -> list[str]:
        """Return what lies in the study's folder of releases."""
        folder = queue.release_folder(self.instance, self.room.slug, 0).parent
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def desk(app: Flask, settings: Settings) -> ReleaseWorld:
    room, people = study_world.full()
    researcher = factories.person(password=PASSWORD)
    researchers.name_researcher(None, room.study_id, researcher.handle)
    return ReleaseWorld(room, settings.instance, researcher, people)
