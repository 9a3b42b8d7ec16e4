"""What members are notified of studies: one has opened in their group, or the document of one in
which they take part has changed.

Each is told once. A document that changes again replaces the notification of the change before.
`forum/wiring.py` adds these types to the forum's own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, not_, select

from forum.accounts.models import Account
from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import current_session
from forum.core.translation import lazy
from forum.groups.models import Membership
from forum.notifications.notification_choices import STUDIES
from forum.notifications.registry import NotificationType
from forum.notifications.service import is_recent, notify, withdraw
from forum.research.events import StudyDocumentChanged, StudyOpened
from forum.research.models import OPEN, Study, StudyGroup
from forum.research.studies import policy

AT_ONCE = 1_000  # people in one statement


def _title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return select(Study.title).where(Study.id == about_id).scalar_subquery()


def _address(study_id: int) -> str:
    slug = current_session().scalar(select(Study.slug).where(Study.id == study_id))
    return f"/studies/{slug}" if slug else "/account#studies-title"


def _is_asked(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: the study asks them whether they take part; it never asks who researches it."""
    in_its_groups = exists().where(
        StudyGroup.study_id == Study.id,
        StudyGroup.left_at.is_(None),
        Membership.group_id == StudyGroup.group_id,
        Membership.account_id == account_id,
    )
    asks = and_(
        in_its_groups.correlate_except(StudyGroup, Membership),
        not_(policy.is_named(account_id)),
        not_(policy.takes_part(account_id)),
    )
    return row_exists(Study, Study.id == about_id, Study.state == OPEN, asks)


def _takes_part(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(Study, Study.id == about_id, policy.takes_part(account_id))


def _members(study_id: int) -> Sequence[int]:
    its = select(Membership.account_id).join(StudyGroup, StudyGroup.group_id == Membership.group_id)
    here = its.where(StudyGroup.study_id == study_id, StudyGroup.left_at.is_(None))
    return current_session().scalars(here.distinct()).all()


def _participants(study_id: int) -> Sequence[int]:
    who = select(Account.id).join(Study, Study.id == study_id).where(policy.takes_part(Account.id))
    return current_session().scalars(who).all()


def _notify_of_opening(event: StudyOpened) -> None:
    if not is_recent(event.at):
        return  # it was opened elsewhere, and its members know
    _notify_all(OPENED, _members(event.study_id), event.study_id, event.at)


def _notify_of_change(event: StudyDocumentChanged) -> None:
    withdraw([CHANGED.name], event.study_id)
    _notify_all(CHANGED, _participants(event.study_id), event.study_id, event.at)


def _notify_all(one: NotificationType, people: Sequence[int], study_id: int, at: datetime) -> None:
    for start in range(0, len(people), AT_ONCE):
        notify(one, people[start : start + AT_ONCE], study_id, at)


OPENED = NotificationType(
    name="study_opened",
    choice=STUDIES,
    text=lazy(
        "You can take part in the study “%(title)s” if you like. Nothing changes for you if you "
        "don't"
    ),
    outside=lazy("A study in one of your groups has opened. You can take part if you like."),
    address=_address,
    icon="users",
    title=_title,
    visible=_is_asked,
    about="study_id",
    handled_on={StudyOpened: _notify_of_opening},
)
CHANGED = NotificationType(
    name="study_document",
    choice=STUDIES,
    text=lazy(
        "The study “%(title)s” now describes itself in other words. What you agreed to still holds"
    ),
    outside=lazy("A study you take part in now describes itself in other words."),
    address=_address,
    icon="users",
    title=_title,
    visible=_takes_part,
    about="study_id",
    handled_on={StudyDocumentChanged: _notify_of_change},
)
