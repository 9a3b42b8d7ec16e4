"""What those who run studies are told: that a study names them, and what came of their releases.

Nothing here says anything of participants. How each is worded, where it leads and who may still
see it is in `KINDS`, which `forum/wiring.py` adds to the notifications' own.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core import clock
from forum.core.db import reading
from forum.notifications import broadcasts as live
from forum.notifications.models import Notification
from forum.notifications.service import tell, tell_no_more
from forum.notifications.types import Kind
from forum.research.events import ResearcherNamed, ResearcherUnnamed
from forum.research.models import Study
from forum.research.releases.events import (
    TAKEN_BACK,
    ReleaseAsked,
    ReleaseEnded,
    ReleaseGoesSoon,
    ReleaseGone,
)
from forum.research.releases.requests.models import FAILED, READY, REFUSED, ReleaseJob
from forum.research.studies import policy

NAMED, GOES_SOON = "study_named", "release_goes_soon"
ENDED = {how: f"release_{how}" for how in (READY, REFUSED, FAILED, TAKEN_BACK)}
LATELY = timedelta(minutes=1)


def _study_title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return select(Study.title).where(Study.id == about_id).scalar_subquery()


def _names(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(Study, Study.id == about_id, policy.is_named(account_id))


def _study_address(study_id: int) -> str:
    slug = reading().scalar(select(Study.slug).where(Study.id == study_id))
    return f"/research/{slug}" if slug else "/research"


def _release_title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    its = select(Study.title).join(ReleaseJob, ReleaseJob.study_id == Study.id)
    return its.where(ReleaseJob.id == about_id).scalar_subquery()


def _asked_for(
    account_id: ViewerId, about_id: SQLColumnExpression[Any], *, state: str
) -> ColumnElement[bool]:
    """Condition: they asked for it, it is in this state, and they still see the study."""
    sees = row_exists(Study, Study.id == ReleaseJob.study_id, policy.seen_by(account_id))
    return row_exists(
        ReleaseJob,
        ReleaseJob.id == about_id,
        ReleaseJob.asked_by_id == account_id,
        ReleaseJob.state == state,
        sees,
    )


def _release_address(job_id: int) -> str:
    its = select(Study.slug).join(ReleaseJob, ReleaseJob.study_id == Study.id)
    slug = reading().scalar(its.where(ReleaseJob.id == job_id))
    return f"/research/{slug}/releases/{job_id}" if slug else "/research"


def _release(words: str, icon: str, state: str) -> Kind:
    return Kind(words, _release_address, icon, _release_title, partial(_asked_for, state=state))


KINDS = {
    NAMED: Kind(
        "You are named as a researcher of “{title}”, and can look at its pages",
        _study_address, "users", _study_title, _names,
    ),
    ENDED[READY]: _release(
        "The release of “{title}” that you asked for is ready to download", "bell", READY
    ),
    ENDED[REFUSED]: _release(
        "The release of “{title}” that you asked for was refused; here you can read why",
        "shield-check", REFUSED,
    ),
    ENDED[FAILED]: _release(
        "The release of “{title}” that you asked for could not be made; you can start it again",
        "bell", FAILED,
    ),
    ENDED[TAKEN_BACK]: _release(
        "A release of “{title}” was taken back; please delete what you have downloaded",
        "shield-check", REFUSED,
    ),
    GOES_SOON: _release(
        "The release of “{title}” that you asked for is removed in three days", "bell", READY
    ),
}  # fmt: skip


def told_of_naming(event: ResearcherNamed) -> None:
    """Tell somebody that a study names them."""
    tell([event.account_id], NAMED, event.study_id, event.at)


def untold_of_naming(event: ResearcherUnnamed) -> None:
    """Say no more of it, so that being named once more is news."""
    tell_no_more([NAMED], event.study_id, event.account_id)


def told_of_release(event: ReleaseEnded | ReleaseGoesSoon) -> None:
    """Tell whoever asked for a release what became of it."""
    kind = ENDED[event.how] if isinstance(event, ReleaseEnded) else GOES_SOON
    asked_by = select(ReleaseJob.asked_by_id).where(ReleaseJob.id == event.job_id)
    if (account_id := reading().scalar(asked_by)) is not None:
        tell([account_id], kind, event.job_id, event.at)


def untold_of_release(event: ReleaseAsked | ReleaseGone) -> None:
    """Forget what was told of an earlier try, or of one that had this number before."""
    tell_no_more([*ENDED.values(), GOES_SOON], event.job_id)


def show_badge(event: ResearcherNamed | ResearcherUnnamed) -> None:
    """Show somebody at once that there is something to read, or no longer."""
    live.show_to([event.account_id])


def show_lately() -> None:
    """Do so for what was told of releases, which other processes make, in the last minute."""
    told = select(Notification.account_id).where(
        Notification.kind.in_([*ENDED.values(), GOES_SOON]),
        Notification.read_at.is_(None),
        Notification.created_at > clock.now() - LATELY,
    )
    live.show_to(reading().scalars(told.distinct()).all())
