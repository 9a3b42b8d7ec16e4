"""What researchers are notified of: that a study names them, and what came of their releases.

Nothing here says anything of participants. `forum/wiring.py` adds these types
to the forum's own.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core import clock
from forum.core.db import current_session
from forum.core.translation import lazy
from forum.notifications import broadcasts as live
from forum.notifications.models import Notification
from forum.notifications.notification_choices import RESEARCH
from forum.notifications.registry import NotificationType
from forum.notifications.service import withdraw
from forum.research.events import ResearcherNamed, ResearcherRemoved
from forum.research.models import Study
from forum.research.releases.events import (
    RECALLED,
    ReleaseEnded,
    ReleaseExpires,
    ReleaseRemoved,
    ReleaseRequested,
)
from forum.research.releases.requests.models import FAILED, READY, REFUSED, ReleaseJob
from forum.research.studies import policy

LATELY = timedelta(minutes=1)


def _study_title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return select(Study.title).where(Study.id == about_id).scalar_subquery()


def _names(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(Study, Study.id == about_id, policy.is_named(account_id))


def _study_address(study_id: int) -> str:
    slug = current_session().scalar(select(Study.slug).where(Study.id == study_id))
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
        ReleaseJob.requested_by_id == account_id,
        ReleaseJob.state == state,
        sees,
    )


def _release_address(job_id: int) -> str:
    its = select(Study.slug).join(ReleaseJob, ReleaseJob.study_id == Study.id)
    slug = current_session().scalar(its.where(ReleaseJob.id == job_id))
    return f"/research/{slug}/releases/{job_id}" if slug else "/research"


def _asker(event: ReleaseEnded | ReleaseExpires) -> Iterable[int | None]:
    asked_by = select(ReleaseJob.requested_by_id).where(ReleaseJob.id == event.job_id)
    return [current_session().scalar(asked_by)]


def _asker_when(how: str) -> Callable[[ReleaseEnded], Iterable[int | None]]:
    return lambda event: _asker(event) if event.how == how else []


def _release(how: str, text: str, outside: str, icon: str, state: str) -> NotificationType:
    return NotificationType(
        name=f"release_{how}",
        choice=RESEARCH,
        text=text,
        outside=outside,
        address=_release_address,
        icon=icon,
        title=_release_title,
        visible=partial(_asked_for, state=state),
        about="job_id",
        sent_on={ReleaseEnded: _asker_when(how)},
    )


def _researcher(event: ResearcherNamed) -> Iterable[int]:
    return [event.account_id]


def _withdraw_naming(event: ResearcherRemoved) -> None:
    """Withdraw the notification, so being named again is news."""
    withdraw([NAMED.name], event.study_id, event.account_id)


def _withdraw_release(event: ReleaseRequested | ReleaseRemoved) -> None:
    """Forget what was said of an earlier try, or of one that had this number before."""
    withdraw(OF_RELEASES, event.job_id)


NAMED = NotificationType(
    name="study_named",
    choice=RESEARCH,
    text=lazy(
        "You're now a researcher on the study “%(title)s” and can see its figures and releases"
    ),
    outside=lazy("You're now a researcher on a study and can see its figures and releases."),
    address=_study_address,
    icon="users",
    title=_study_title,
    visible=_names,
    about="study_id",
    sent_on={ResearcherNamed: _researcher},
    handled_on={ResearcherRemoved: _withdraw_naming},
)
ENDED = (
    _release(
        READY,
        lazy("The release of “%(title)s” you asked for is ready to download"),
        lazy("A release you asked for is ready to download."),
        "bell",
        READY,
    ),
    _release(
        REFUSED,
        lazy("The release of “%(title)s” you asked for was refused: see why"),
        lazy("A release you asked for was refused. You can read why."),
        "shield-check",
        REFUSED,
    ),
    _release(
        FAILED,
        lazy("The release of “%(title)s” you asked for couldn't be made. You can start it again."),
        lazy("A release you asked for couldn't be made. You can start it again."),
        "bell",
        FAILED,
    ),
    _release(
        RECALLED,
        lazy("A release of “%(title)s” was withdrawn. Please delete what you downloaded."),
        lazy("A release was withdrawn. Please delete what you downloaded."),
        "shield-check",
        REFUSED,
    ),
)
RELEASE_EXPIRES = NotificationType(
    name="release_goes_soon",
    choice=RESEARCH,
    text=lazy("The release of “%(title)s” you asked for will be removed in three days"),
    outside=lazy("A release you asked for will be removed in three days."),
    address=_release_address,
    title=_release_title,
    visible=partial(_asked_for, state=READY),
    about="job_id",
    sent_on={ReleaseExpires: _asker},
    handled_on={ReleaseRequested: _withdraw_release, ReleaseRemoved: _withdraw_release},
)
OF_RELEASES = [one.name for one in (*ENDED, RELEASE_EXPIRES)]


def show_recent() -> None:
    """Show people at once what was said of releases, which other processes make."""
    told = select(Notification.account_id).where(
        Notification.type.in_(OF_RELEASES),
        Notification.read_at.is_(None),
        Notification.created_at > clock.now() - LATELY,
    )
    live.show_to(current_session().scalars(told.distinct()).all())
