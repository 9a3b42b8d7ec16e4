"""A release of a study as its record is now."""

from collections.abc import Callable, Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.compute as pc
from pyarrow import parquet

from forum.activity.measures.study_record import Window
from forum.core import clock, time_zones
from forum.core.errors import Conflict, Invalid
from forum.core.translation import lazy
from forum.research import queries
from forum.research.recording import study_snapshot
from forum.research.releases import service
from forum.research.releases.ledger import queries as ledger
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.service import ParticipantWithdrew

BUSY = lazy("The record kept changing while it was read. Please try again later.")
TRIES = 3
UNFINISHED = 3  # today, and two days that may not be over in all time zones


def make(
    slug: str, out: Path, *, on_step: Callable[[str], None] = lambda _step: None, **wishes: Any
) -> int:
    """Release a study's record from its opening to today, and return the ledger's number.

    Days begin at midnight in the study's time zone. `on_step` hears of each step; `wishes` are the
    remaining fields of `ReleaseRequest`. The record is copied beside `out`, and copied again should
    somebody stop sharing in the meantime. Raises what `service.release` raises, NotFound, and
    Invalid for a study that was never opened.
    """
    study = queries.study_at(slug)
    if study.opened_at is None:
        raise Invalid(
            lazy("The study %(slug)s hasn't been opened: there is nothing to release.", slug=slug)
        )
    begin, today = (time_zones.day_at(at, study.zone) for at in (study.opened_at, clock.now()))
    window = Window(begin, (today - begin).days + 1, study.zone, unfinished=UNFINISHED)
    request = ReleaseRequest(
        study=slug, title=study.title, purpose=study.about, zone=study.zone, **wishes
    )
    clause = ledger.clause_of(request.tier)
    out.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(TRIES):
        with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
            on_step(service.READING)
            study_snapshot.write(study.id, Path(name))
            try:
                return service.release(
                    request,
                    Path(name),
                    window,
                    out,
                    on_step=on_step,
                    still_shared=_sharing_check(study.id, Path(name), clause),
                )
            except ParticipantWithdrew:
                continue
    raise Conflict(BUSY)


def _sharing_check(study_id: int, snapshot: Path, clause: str) -> Callable[[Collection[int]], None]:
    """Return what raises ParticipantWithdrew when one who shared in a snapshot no longer does.

    Who had left before and let it be kept can still take that back.
    """
    sharing = pc.field("record") & pc.field(clause)
    stayed = _keys(snapshot, sharing & pc.field("left_at").is_null())
    shared = _keys(snapshot, sharing)

    def still_shared(participants: Collection[int]) -> None:
        stopped = stayed - ledger.sharing_participants(study_id, clause)
        took_back = shared - ledger.permitting_participants(study_id, clause)
        if (stopped | took_back).intersection(participants):
            raise ParticipantWithdrew

    return still_shared


def _keys(snapshot: Path, which: pc.Expression) -> frozenset[int]:
    people = parquet.read_table(snapshot / "participants.parquet", filters=which)
    return frozenset(people["participant"].to_pylist())
