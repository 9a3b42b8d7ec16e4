"""A release of a study as its record is now."""

from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from forum.activity.measures.record import Window
from forum.core import clock
from forum.core.errors import Invalid
from forum.research import queries
from forum.research import service as studies
from forum.research.releases import service

NOT_OPENED = "The study {slug} has not been opened, so that there is nothing to release."


def make(slug: str, out: Path, **asked: Any) -> int:
    """Release a study's record from its opening to today, and return the ledger's number.

    Days begin at midnight UTC. `asked` are the remaining fields of `service.Asked`. Raises what
    `service.release` raises, NotFound, and Invalid for a study that was never opened.
    """
    study = queries.study_at(slug)
    if study.opened_at is None:
        raise Invalid(NOT_OPENED.format(slug=slug))
    begin = study.opened_at.astimezone(UTC).date()
    window = Window(begin, (clock.now().date() - begin).days + 1)
    wanted = service.Asked(study=slug, title=study.title, purpose=study.about, **asked)
    with TemporaryDirectory(prefix="release-") as name:
        studies.write_snapshot(study.id, Path(name))
        return service.release(
            wanted, Path(name), window, out, sharing=lambda: queries.sharing(study.id)
        )
