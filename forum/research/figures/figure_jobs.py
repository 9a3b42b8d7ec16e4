"""A study as those look at it who run it: its figures, drawn from its record, never people.

They are drawn once a week by the worker that makes releases, when another whole week is over. Two
processes never draw a study at once, since each has to know what was shown before.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import select

from forum.activity.measures.study_record import WEEK
from forum.core import clock, time_zones
from forum.core.db import current_session
from forum.core.errors import NotFound
from forum.core.translation import _
from forum.research import optional_dependencies, queries
from forum.research.figures import figure_store
from forum.research.models import Study
from forum.research.recording import study_snapshot
from forum.research.studies import researcher_access

log = structlog.get_logger()


def figures_folder(instance: Path, slug: str) -> Path:
    """Return the folder with a study's figures."""
    return instance / "research" / slug


def draw_figures(instance: Path, slug: str) -> date:
    """Draw a study's figures from its record as it is now; return the first day looked at.

    Days begin at midnight in its time zone. Raises NotFound, also for a study that was never
    opened, and Conflict where the libraries are missing.
    """
    optional_dependencies.require()
    study = queries.study_at(slug)
    if study.opened_at is None:
        raise NotFound(_("The study %(address)s has not been opened.", address=slug))
    with _exclusively(figures_folder(instance, slug)):
        return _draw(instance, study)


def draw_due(instance: Path) -> None:
    """Draw the figures of all studies of which another week is over; one that fails, later."""
    for study in studies_due(instance):
        with _exclusively(figures_folder(instance, study.slug)):
            if _is_due(instance, study):  # another process may have been faster
                try:
                    _draw(instance, study)
                except Exception:
                    log.exception("figures_failed", study=study.slug)


def studies_due(instance: Path) -> list[Study]:
    """Return the studies of which another week is over since their figures were drawn."""
    opened = select(Study).where(Study.opened_at.is_not(None)).order_by(Study.id)
    return [study for study in current_session().scalars(opened).all() if _is_due(instance, study)]


def next_on(instance: Path, study: Study) -> date | None:
    """Return the day on which figures are drawn next: after the week in which a study is closed,
    or without the libraries, never, and before it is opened, nobody knows.
    """
    if study.opened_at is None or not optional_dependencies.are_installed():
        return None
    begin, drawn = _begin(study), figure_store.last_drawn_on(figures_folder(instance, study.slug))
    weeks = (drawn - begin).days // WEEK if drawn else 0
    day = begin + timedelta(days=(weeks + 1) * WEEK)
    over = study.closed_at and time_zones.day_at(study.closed_at, study.zone) + timedelta(days=WEEK)
    return None if over and day > over else day


def _is_due(instance: Path, study: Study) -> bool:
    day = next_on(instance, study)
    return day is not None and day <= time_zones.day_at(clock.now(), study.zone)


def _draw(instance: Path, study: Study) -> date:
    begin, groups = _begin(study), sorted(researcher_access.groups_of(study.id))
    with TemporaryDirectory(prefix="study-") as name:
        folder = Path(name)
        study_snapshot.write(study.id, folder)
        today = time_zones.day_at(clock.now(), study.zone)
        figure_store.update(
            figures_folder(instance, study.slug), folder, begin, today, study.zone, groups
        )
    return begin


def _begin(study: Study) -> date:
    assert study.opened_at is not None  # noqa: S101 - who calls this has asked
    return time_zones.day_at(study.opened_at, study.zone)


@contextmanager
def _exclusively(folder: Path) -> Iterator[None]:
    """Wait until no other process draws into a folder; the system lets go for one that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "drawing").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
