"""An administrator has announced something: everyone it is for is told once.

A background job tells them, a few at a time, and stops when it is taken back.
"""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.accounts.policy import ViewerId, row_exists
from forum.core.background.jobs.job_types import JobType, Stage, StepDone, Steps, Task
from forum.core.db import at_most
from forum.core.translation import lazy
from forum.notifications import service
from forum.notifications.announcements import policy
from forum.notifications.announcements.models import Announcement
from forum.notifications.announcements.service import NOTIFY_JOB
from forum.notifications.notification_choices import ANNOUNCEMENTS
from forum.notifications.registry import NotificationType

AT_ONCE = 50


def _title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return select(Announcement.title).where(Announcement.id == about_id).scalar_subquery()


def _is_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(Announcement, Announcement.id == about_id, policy.visible_to(account_id))


TYPE = NotificationType(
    name="announcement",
    choice=ANNOUNCEMENTS,
    text=lazy("Announcement: %(title)s"),
    outside=lazy("There's an announcement by the people who run this site."),
    address="/announcements/{id}",
    title=_title,
    visible=_is_visible,
    about="announcement_id",
)


def _notify(session: Session, task: Task) -> Steps:
    after = task.after[0] if task.after else 0
    announced = session.get(Announcement, task.subject_id, populate_existing=True)
    while announced and announced.taken_back_at is None:
        some = select(Account.id).where(Account.id > after).order_by(Account.id)
        people = session.scalars(some.limit(at_most(AT_ONCE))).all()
        if not people:
            return
        service.notify(TYPE, people, announced.id, announced.created_at)
        after = people[-1]
        yield StepDone(len(people), (after,))
        announced = session.get(Announcement, task.subject_id, populate_existing=True)


JOB = JobType(NOTIFY_JOB, (Stage(lazy("We're telling members of an announcement"), _notify),))
