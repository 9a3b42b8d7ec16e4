"""Erasing what is recorded of a participant, alone or with their whole account."""

from collections.abc import Collection
from typing import cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from forum.activity.catalogue import ABOUT_OTHERS
from forum.activity.models import ActivityEvent
from forum.core.background.jobs import queue, rows
from forum.core.background.jobs.job_types import JobType, Stage, StepDone, Steps, Task
from forum.research.models import Consent, Participant, Study, Visit
from forum.research.releases.ledger.models import LinkageKey, ReleasedRow
from forum.research.studies.models import ResearchLogEntry
from forum.research.waves.models import WavePrompt, WaveResponse

_AS_GIVEN = {"synchronize_session": False}
_EVENTS = cast("Table", ActivityEvent.__table__)


def erase_participants(session: Session, keys: Collection[int]) -> None:
    """Erase participants; belongs inside `transaction()`.

    They are nobody's at once, and in no study. What releases said of them is emptied; that they
    were in it stays, as a number that is nobody's, for the ledger to say which releases to recall.
    Their recorded rows go in a job of their own. Others' replies then say nothing of them: neither
    who wrote the post before, nor when, nor that it was a first one.
    """
    for change in (
        update(ReleasedRow)
        .where(ReleasedRow.participant.in_(keys))
        .values(intervals=[], digest_key=""),
        delete(LinkageKey).where(LinkageKey.participant.in_(keys)),
        delete(Consent).where(Consent.participant.in_(keys)),
        delete(WaveResponse).where(WaveResponse.participant.in_(keys)),
        delete(WavePrompt).where(WavePrompt.participant.in_(keys)),
        delete(Visit).where(Visit.participant.in_(keys)),
        update(Participant).where(Participant.key.in_(keys)).values(account_id=None),
    ):
        session.execute(change.execution_options(**_AS_GIVEN))
    for key in sorted(keys):
        queue.enqueue(session, ERASE_PARTICIPANT.name, key)


def erase_participation(session: Session, account_id: int) -> Steps:
    """Erase somebody's part in all studies."""
    mine = select(Participant).where(Participant.account_id == account_id)
    if participants := session.scalars(mine).all():
        # A release that is being entered comes first, so its content is emptied, too.
        studies = {one.study_id for one in participants}
        ordered = select(Study.id).where(Study.id.in_(studies)).order_by(Study.id)
        session.execute(ordered.with_for_update())
        erase_participants(session, [one.key for one in participants])
        yield StepDone(len(participants))


def redact_log(session: Session, account_id: int) -> Steps:
    """Take the words about somebody out of the log of studies.

    What they did as a researcher stays there, by nobody; their account's row takes out the name.
    """
    log = cast("Table", ResearchLogEntry.__table__)
    yield from rows.change(
        session, log, ResearchLogEntry.about_id == account_id, reason="", about_id=None
    )


def _remove_events(session: Session, task: Task) -> Steps:
    mine = ActivityEvent.participant == task.subject_id
    yield from rows.remove(session, _EVENTS, mine)


def _part_answers(session: Session, task: Task) -> Steps:
    answers = ActivityEvent.previous_author == task.subject_id
    yield from rows.change(session, _EVENTS, answers, **dict.fromkeys(ABOUT_OTHERS))


def _remove_participant(session: Session, task: Task) -> Steps:
    table = cast("Table", Participant.__table__)
    yield from rows.remove(session, table, Participant.key == task.subject_id)


ERASE_PARTICIPANT = JobType(
    "forget_participant",
    (
        Stage("Erasing what was recorded", _remove_events),
        Stage("Erasing what was recorded", _part_answers),
        Stage("Erasing what was recorded", _remove_participant),
    ),
)
