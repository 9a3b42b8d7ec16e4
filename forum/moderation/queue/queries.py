"""Reads about the queue: its rows, one entry, what changed, who hears of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import AnyRow, at_most, reading
from forum.core.errors import NotFound
from forum.core.web.paging import pages
from forum.groups.models import Group
from forum.moderation.on_call import rota
from forum.moderation.queue import policy
from forum.moderation.queue.models import HANDED_OVER, QueueEntry, QueueStep, Report

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Entry:
    """An entry as one viewer meets it; `urgency` is as of `now`."""

    id: int
    kind: str
    subject_kind: str
    subject_id: int
    group_id: int | None
    group_slug: str | None
    group_name: str | None
    about_id: int | None
    about: str | None
    urgency: int
    distressing: bool
    reports: int
    reasons: tuple[str, ...]
    version: int
    opened_at: datetime
    claimed_by_id: int | None
    claimed_by: str | None
    claimed_at: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None
    outcome: str
    handed_over: str
    staffed: bool
    mine: bool
    now: datetime

    @property
    def open(self) -> bool:
        """Whether it still wants somebody."""
        return self.resolved_at is None

    @property
    def taken(self) -> bool:
        """Whether somebody else has it, so that the viewer cannot act on it."""
        if self.claimed_at is None or self.claimed_by_id is None or self.mine:
            return False
        return self.claimed_at > self.now - policy.CLAIM_HOLDS

    @property
    def stale(self) -> bool:
        """Whether somebody's claim is so old that another may take it over."""
        return self.claimed_by_id is not None and not self.mine and not self.taken

    @property
    def waited(self) -> timedelta:
        """How long it has been there, until now or until it was resolved."""
        return (self.resolved_at or self.now) - self.opened_at

    @property
    def crisis(self) -> bool:
        """Whether somebody may be in danger."""
        return self.urgency == policy.CRISIS

    @property
    def due_in(self) -> timedelta | None:
        """What is left of the 15 minutes in which a crisis is seen to while somebody is on duty."""
        if not self.crisis or not self.staffed or self.claimed_by_id is not None:
            return None
        return policy.CRISIS_TARGET - self.waited


_holder, _resolver, _about = aliased(Account), aliased(Account), aliased(Account)
_last_note = (
    select(QueueStep.note)
    .where(QueueStep.entry_id == QueueEntry.id, QueueStep.step == HANDED_OVER)
    .order_by(QueueStep.id.desc())
    .limit(at_most(1))
    .scalar_subquery()
)


def _entries(viewer: Viewer, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            QueueEntry.id, QueueEntry.kind, QueueEntry.subject_kind, QueueEntry.subject_id,
            QueueEntry.group_id, Group.slug.label("group_slug"), Group.name.label("group_name"),
            QueueEntry.about_id, _about.handle.label("about"),
            policy.urgency_at(now).label("urgency"), QueueEntry.distressing, QueueEntry.reports,
            QueueEntry.version, QueueEntry.opened_at,
            QueueEntry.claimed_by_id, _holder.handle.label("claimed_by"), QueueEntry.claimed_at,
            QueueEntry.resolved_at, _resolver.handle.label("resolved_by"), QueueEntry.outcome,
            func.coalesce(_last_note, "").label("handed_over"),
        )
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .outerjoin(_holder, _holder.id == QueueEntry.claimed_by_id)
        .outerjoin(_about, _about.id == QueueEntry.about_id)
        .outerjoin(_resolver, _resolver.id == QueueEntry.resolved_by_id)
        .where(policy.visible_to(viewer.sql_id()))
    )  # fmt: skip


def waiting(viewer: Viewer, page: int = 1, most: int = ROWS_A_PAGE) -> list[Entry]:
    """Return what waits for the viewer and colleagues: the most urgent first, then the oldest."""
    now = clock.now()
    found = _entries(viewer, now).where(QueueEntry.resolved_at.is_(None))
    rows = found.order_by(policy.urgency_at(now), QueueEntry.opened_at, QueueEntry.id)
    return _page(viewer, now, rows, page, most)


def resolved(viewer: Viewer, page: int = 1, most: int = ROWS_A_PAGE) -> list[Entry]:
    """Return what was resolved, newest first."""
    now = clock.now()
    found = _entries(viewer, now).where(QueueEntry.resolved_at.is_not(None))
    rows = found.order_by(QueueEntry.resolved_at.desc(), QueueEntry.id.desc())
    return _page(viewer, now, rows, page, most)


def last_page(viewer: Viewer, *, resolved: bool = False) -> int:
    """Return how many pages of entries there are, waiting or resolved; at least 1."""
    done = QueueEntry.resolved_at.is_not(None)
    found = (
        select(func.count())
        .select_from(QueueEntry)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(done if resolved else ~done, policy.visible_to(viewer.sql_id()))
    )
    return pages(reading().scalar(found) or 0, ROWS_A_PAGE)


def changes_after(viewer: Viewer, version: int, most: int) -> list[Entry]:
    """Return the entries that changed after a version, oldest change first."""
    now = clock.now()
    found = _entries(viewer, now).where(QueueEntry.version > version)
    rows = reading().execute(found.order_by(QueueEntry.version).limit(most)).all()
    return _as_entries(viewer, now, rows)


def entry_for(viewer: Viewer, entry_id: int) -> Entry:
    """Return one entry. Raises NotFound."""
    now = clock.now()
    rows = reading().execute(_entries(viewer, now).where(QueueEntry.id == entry_id)).all()
    if not rows:
        raise NotFound
    return _as_entries(viewer, now, rows)[0]


def version(viewer: Viewer) -> int:
    """Return the version of the last change of which the viewer may know.

    How often all has changed would tell them of entries about themselves.
    """
    last = (
        select(QueueEntry.version)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(policy.visible_to(viewer.sql_id()))
        .order_by(QueueEntry.version.desc())
    )
    return reading().scalar(last.limit(1)) or 0


def who_sees(entry_id: int, among: Collection[int]) -> set[int]:
    """Of some accounts, return who may see an entry."""
    found = (
        select(Account.id)
        .select_from(QueueEntry)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .join(Account, Account.id.in_(among))
        .where(QueueEntry.id == entry_id, policy.visible_to(Account.id))
    )
    return set(reading().scalars(found))


def reports_of(entry_id: int) -> Sequence[AnyRow]:
    """Return the reasons and words of an entry's reports, without who wrote them."""
    found = select(Report.reason, Report.words, Report.created_at)
    return reading().execute(found.where(Report.entry_id == entry_id).order_by(Report.id)).all()


def steps_of(entry_id: int) -> Sequence[AnyRow]:
    """Return what was done with an entry, oldest first."""
    return (
        reading()
        .execute(
            select(QueueStep.step, QueueStep.note, QueueStep.at, Account.handle)
            .outerjoin(Account, Account.id == QueueStep.by_id)
            .where(QueueStep.entry_id == entry_id)
            .order_by(QueueStep.id)
        )
        .all()
    )


def count_earlier(viewer: Viewer, entry: Entry) -> tuple[int, int]:
    """Return how many other entries about the same person the viewer may see, and acted on."""
    if entry.about_id is None:
        return 0, 0
    acted = case((QueueEntry.outcome == "acted", 1), else_=0)
    found = (
        select(func.count(), func.coalesce(func.sum(acted), 0))
        .select_from(QueueEntry)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(
            QueueEntry.about_id == entry.about_id,
            QueueEntry.id != entry.id,
            policy.visible_to(viewer.sql_id()),
        )
    )
    count, of_these = reading().execute(found).one()
    return int(count), int(of_these)


def own_reports(viewer_id: int, most: int = 100) -> Sequence[AnyRow]:
    """Return what somebody has reported, newest first, and what came of it.

    `number` counts one's own: the rows' ids would tell how much others have reported meanwhile.
    """
    number = func.row_number().over(order_by=Report.id).label("number")
    return (
        reading()
        .execute(
            select(
                number, Report.reason, Report.words, Report.created_at, Report.answer,
                Report.answered_at, QueueEntry.subject_kind, QueueEntry.outcome,
                QueueEntry.claimed_by_id.is_not(None).label("taken"),
            )
            .join(QueueEntry, QueueEntry.id == Report.entry_id)
            .where(Report.reporter_id == viewer_id)
            .order_by(Report.id.desc())
            .limit(most)
        )
        .all()
    )  # fmt: skip


def _page(
    viewer: Viewer, now: datetime, rows: Select[*tuple[Any, ...]], page: int, most: int
) -> list[Entry]:
    found = rows.limit(most).offset((page - 1) * most)
    return _as_entries(viewer, now, reading().execute(found).all())


def _as_entries(viewer: Viewer, now: datetime, rows: Sequence[AnyRow]) -> list[Entry]:
    reasons: dict[int, set[str]] = {}
    reported = [row.id for row in rows if row.reports]
    if reported:
        given = select(Report.entry_id, Report.reason).where(Report.entry_id.in_(reported))
        for entry_id, reason in reading().execute(given.distinct()):
            reasons.setdefault(entry_id, set()).add(reason)
    crises = [row.group_id for row in rows if row.urgency == policy.CRISIS]
    covered = rota.staffed(crises) if crises else set()
    return [
        Entry(
            **row._mapping,
            reasons=tuple(one for one in policy.REASONS if one in reasons.get(row.id, ())),
            staffed=row.group_id in covered,
            mine=row.claimed_by_id is not None and row.claimed_by_id == viewer.id,
            now=now,
        )
        for row in rows
    ]
