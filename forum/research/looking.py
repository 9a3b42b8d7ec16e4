"""A study as those look at it who run it: its figures, drawn from its record, never people."""

from datetime import UTC, date
from pathlib import Path
from tempfile import TemporaryDirectory

from forum.core import clock
from forum.core.errors import NotFound
from forum.research import editions, queries, running, service

ZONE = "UTC"


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
    begin, groups = study.opened_at.astimezone(UTC).date(), sorted(running.groups_of(study.id))
    with TemporaryDirectory(prefix="study-") as name:
        folder = Path(name)
        service.write_snapshot(study.id, folder)
        editions.renew(home(instance, slug), folder, begin, clock.now().date(), ZONE, groups)
    return begin
