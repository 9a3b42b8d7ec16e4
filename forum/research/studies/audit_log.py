"""What is done about studies, act by act; rows are only added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import at_most, current_session, transaction
from forum.core.translation import lazy
from forum.research.studies.models import ResearchLogEntry

ROWS_A_PAGE = 50
ACTIONS = {
    "planned": lazy("Planned the study"),
    "changed": lazy("Changed the study"),
    "document_changed": lazy("Changed the consent document"),
    "document_proposed": lazy("Proposed another consent document"),
    "waves_planned": lazy("Chose questionnaires and their dates"),
    "opened": lazy("Opened the study"),
    "closed": lazy("Closed the study"),
    "named": lazy("Named a researcher"),
    "excused": lazy("Recorded why a researcher may moderate a studied group"),
    "unnamed": lazy("Removed a researcher"),
    "two_roles": lazy("Became a moderator of a studied group, which closes the study to them"),
    "figures_seen": lazy("Looked at figures"),
    "release_asked": lazy("Asked for a release"),
    "release_made": lazy("Made a release"),
    "release_refused": lazy("Had a release refused"),
    "release_failed": lazy("Had a release that could not be made"),
    "release_recalled": lazy(
        "Had a release withdrawn, as someone in it no longer shares their data"
    ),
    "release_downloaded": lazy("Downloaded a release"),
    "release_removed": lazy("Deleted the files of a release"),
}


@dataclass(frozen=True)
class LogEntry:
    """One row, with the handles of who acted and whom it is about; empty for nobody now."""

    action: str
    by: str | None
    about: str | None
    details: dict[str, Any]
    reason: str
    at: datetime

    @property
    def words(self) -> str:
        """What was done."""
        return ACTIONS[self.action]


def add_entry(
    action: str,
    study: str,
    by_id: int | None,
    *,
    about_id: int | None = None,
    reason: str = "",
    **details: Any,
) -> None:
    """Add one act about a study, named by its address, to the log; `by_id` None is the operator."""
    with transaction() as session:
        session.add(
            ResearchLogEntry(
                study=study,
                action=action,
                by_id=by_id,
                about_id=about_id,
                details=details,
                reason=reason,
                at=clock.now(),
            )
        )


def entries(study: str, by: Viewer | None, page: int) -> list[LogEntry]:
    """Return a page of a study's acts, newest first, with one more: those of `by`, or all."""
    actor, subject = aliased(Account), aliased(Account)
    row = ResearchLogEntry
    found = (
        select(row.action, actor.handle, subject.handle, row.details, row.reason, row.at)
        .outerjoin(actor, actor.id == row.by_id)
        .outerjoin(subject, subject.id == row.about_id)
        .where(row.study == study)
        .order_by(row.id.desc())
    )
    if by is not None:
        found = found.where(row.by_id == by.id)
    start = (page - 1) * ROWS_A_PAGE
    return [
        LogEntry(*each)
        for each in current_session().execute(
            found.limit(at_most(ROWS_A_PAGE + 1)).offset(at_most(start))
        )
    ]


def release_makers(release_ids: list[int]) -> dict[int, str]:
    """Return whose account asked for each of these releases, where it is still there."""
    number = ResearchLogEntry.details["release"].as_integer()
    found = current_session().execute(
        select(number, func.max(Account.handle))
        .join(Account, Account.id == ResearchLogEntry.by_id)
        .where(ResearchLogEntry.action == "release_made", number.in_(release_ids))
        .group_by(number)
    )
    return {row[0]: row[1] for row in found}
