"""A study as those look at it who run it: its figures, drawn from its record, never people."""

from datetime import UTC, date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from forum.accounts.policy import Viewer, person_id
from forum.core import clock
from forum.core.db import reading
from forum.core.errors import NotFound
from forum.groups.models import Group
from forum.research import editions, queries, service
from forum.research.models import Study, StudyGroup

ZONE = "UTC"


def study_for(viewer: Viewer, slug: str) -> Study:
    """Return a study for an administrator. Raises LoginNeeded, NotFound."""
    person_id(viewer)
    if not viewer.is_administrator:
        raise NotFound
    return queries.study_at(slug)


def group_names(study_id: int) -> dict[int, str]:
    """Return the names of a study's groups by id, in the order of names."""
    rows = reading().execute(
        select(Group.id, Group.name)
        .join(StudyGroup, StudyGroup.group_id == Group.id)
        .where(StudyGroup.study_id == study_id)
        .order_by(Group.name)
    )
    return {row.id: row.name for row in rows}


def home(instance: Path, slug: str) -> Path:
    """Return the folder that holds what is shown of a study."""
    return instance / "research" / slug


def draw_figures(instance: Path, slug: str) -> date:
    """Draw a study's figures from its record as it is now; return the first day looked at.

    Days begin at midnight UTC. Raises NotFound, also for a study that was never opened.
    """
    study = queries.study_at(slug)
    if study.opened_at is None:
        raise NotFound(f"The study {slug} has not been opened.")
    begin, groups = study.opened_at.astimezone(UTC).date(), sorted(group_names(study.id))
    with TemporaryDirectory(prefix="study-") as name:
        folder = Path(name)
        service.write_snapshot(study.id, folder)
        editions.renew(home(instance, slug), folder, begin, clock.now().date(), ZONE, groups)
    return begin
