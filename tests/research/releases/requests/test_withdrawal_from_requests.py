"""Who withdraws while a release is made, or lies ready, is in none that is handed out."""

from pathlib import Path

import pytest
from sqlalchemy import select

from forum.core import db
from forum.core.errors import Gone
from forum.research import queries, service
from forum.research.releases import pipeline
from forum.research.releases.ledger.models import ReleasedRow
from forum.research.releases.requests import queue
from forum.research.releases.requests import service as jobs
from tests.support.research.release_desk import ReleaseWorld, desk
from tests.support.research.study_world import PASSWORD

__all__ = ["desk"]


@pytest.mark.parametrize("erase", [False, True])
def test_who_withdraws_while_it_is_made_is_not_in_it_as_a_participant(
    desk: ReleaseWorld, tmp_path: Path, erase: bool
) -> None:
    gone, steps = desk.people[0], list[str]()
    key = queries.participant_key(gone.id or 0, desk.room.study_id)

    def released(step: str) -> None:
        steps.append(step)
        if steps == ["reading", "building", "writing"]:
            service.withdraw(gone, "sleep", erase=erase)

    number = pipeline.make(
        "sleep",
        tmp_path / "out",
        on_step=released,
        tier="events",
        made_by="R",
        reason="A paper",
        recipient="Dr Example",
        agreement=b"By the hour",
    )
    assert steps == ["reading", "building", "writing"] * 2
    mine = select(ReleasedRow.participant).where(ReleasedRow.release_id == number)
    rows = set(db.current_session().scalars(mine))
    assert len(rows) == (15 if erase else 16)
    assert (key in rows) is not erase
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("erase", [False, True])
def test_releases_with_a_withdrawn_participant_are_no_longer_offered(
    desk: ReleaseWorld, erase: bool
) -> None:
    job_id = desk.ask()
    desk.work()
    queue.recall(desk.instance)
    assert jobs.archive_path(desk.researcher, "sleep", job_id, desk.instance).exists()
    service.withdraw(desk.people[3], "sleep", erase=erase)
    db.release_session()
    with pytest.raises(Gone, match="no longer shares"):
        jobs.archive_path(desk.researcher, "sleep", job_id, desk.instance)
    queue.recall(desk.instance)
    queue.recall(desk.instance)
    assert desk.left() == []
    assert (desk.job(job_id).state, desk.acts()[-1]) == ("refused", "recalled")
    assert desk.acts().count("recalled") == 1
    jobs.retry(desk.researcher, "sleep", job_id, PASSWORD)
    desk.work()
    queue.recall(desk.instance)
    if erase:  # aggregates of one person less would tell of that person
        assert "7 or fewer" in desk.job(job_id).problem
    else:  # who left before it was made, and let it be kept, may be in it
        assert jobs.archive_path(desk.researcher, "sleep", job_id, desk.instance).exists()
