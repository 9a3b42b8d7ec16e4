"""Reads about the queue: its rows, one item, what changed, who hears of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import AnyRow, at_most, current_session
from forum.core.errors import NotFound
from forum.core.web.paging import pages
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.crisis_calls import queries as crisis_calls
from forum.moderation.on_call import policy as on_call_policy
from forum.moderation.on_call import rota
from forum.moderation.queue.item_view import ItemView
from forum.moderation.queue_items import policy
from forum.moderation.queue_items.models import HANDED_OVER, QueueItem, QueueTransition
from forum.moderation.reports import policy as report_policy
from forum.moderation.reports.models import Report

ROWS_A_PAGE = 50
RELATED_MAX, COLLEAGUES_MAX = 10, 100


_claimer, _resolver, _about = aliased(Account), aliased(Account), aliased(Account)
_last_note = (
    select(QueueTransition.note)
    .where(QueueTransition.item_id == QueueItem.id, QueueTransition.transition == HANDED_OVER)
    .order_by(QueueTransition.id.desc())
    .limit(at_most(1))
    .scalar_subquery()
)


def _items(viewer: Viewer, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            QueueItem.id,
            QueueItem.kind,
            QueueItem.target_kind,
            QueueItem.target_id,
            QueueItem.group_id,
            Group.slug.label("group_slug"),
            Group.name.label("group_name"),
            QueueItem.about_id,
            _about.handle.label("about"),
            policy.urgency_at(now).label("urgency"),
            QueueItem.distressing,
            QueueItem.reports,
            QueueItem.version,
            QueueItem.opened_at,
            QueueItem.claimed_by_id,
            _claimer.handle.label("claimed_by"),
            QueueItem.claimed_at,
            QueueItem.resolved_at,
            _resolver.handle.label("resolved_by"),
            QueueItem.outcome,
            func.coalesce(_last_note, "").label("handover_note"),
        )
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .outerjoin(_claimer, _claimer.id == QueueItem.claimed_by_id)
        .outerjoin(_about, _about.id == QueueItem.about_id)
        .outerjoin(_resolver, _resolver.id == QueueItem.resolved_by_id)
        .where(policy.visible_to(viewer.sql_id()))
    )


def open_items(viewer: Viewer, page: int = 1, most: int = ROWS_A_PAGE) -> list[ItemView]:
    """Return what waits for the viewer and colleagues: the most urgent first, then the oldest."""
    now = clock.now()
    found = _items(viewer, now).where(QueueItem.resolved_at.is_(None))
    rows = found.order_by(policy.urgency_at(now), QueueItem.opened_at, QueueItem.id)
    return _page(viewer, now, rows, page, most)


def resolved_items(viewer: Viewer, behind: int = 0, most: int = ROWS_A_PAGE) -> list[ItemView]:
    """Return what was resolved, newest first, from the item on that comes after `behind`.

    So each page costs what the first does, however much was resolved in years.
    """
    now = clock.now()
    found = _items(viewer, now).where(QueueItem.resolved_at.is_not(None))
    if behind:
        # Of what the viewer may not see, the place would tell when it was resolved.
        seen = _items(viewer, now).where(QueueItem.id == behind).subquery()
        at = select(seen.c.resolved_at).scalar_subquery()
        earlier = or_(QueueItem.resolved_at < at, QueueItem.id < behind)
        found = found.where(QueueItem.resolved_at <= at, earlier)
    rows = found.order_by(QueueItem.resolved_at.desc(), QueueItem.id.desc())
    return _page(viewer, now, rows, 1, most)


def last_page(viewer: Viewer) -> int:
    """Return how many pages of items wait; at least 1."""
    found = (
        select(func.count())
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(QueueItem.resolved_at.is_(None), policy.visible_to(viewer.sql_id()))
    )
    return pages(current_session().scalar(found) or 0, ROWS_A_PAGE)


def changes_after(viewer: Viewer, version: int, most: int) -> list[ItemView]:
    """Return the items that changed after a version, oldest change first."""
    now = clock.now()
    found = _items(viewer, now).where(QueueItem.version > version)
    rows = current_session().execute(found.order_by(QueueItem.version).limit(most)).all()
    return _as_items(viewer, now, rows)


def item_for(viewer: Viewer, item_id: int) -> ItemView:
    """Return one item. Raises NotFound."""
    now = clock.now()
    rows = current_session().execute(_items(viewer, now).where(QueueItem.id == item_id)).all()
    if not rows:
        raise NotFound
    return _as_items(viewer, now, rows)[0]


def last_version(viewer: Viewer) -> int:
    """Return the version of the last change of which the viewer may know.

    How often all has changed would tell them of items about themselves.
    """
    last = (
        select(QueueItem.version)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(policy.visible_to(viewer.sql_id()))
        .order_by(QueueItem.version.desc())
    )
    return current_session().scalar(last.limit(1)) or 0


def accounts_that_see(item_id: int, among: Collection[int]) -> set[int]:
    """Of some accounts, return who may see an item."""
    found = (
        select(Account.id)
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .join(Account, Account.id.in_(among))
        .where(QueueItem.id == item_id, policy.visible_to(Account.id))
    )
    return set(current_session().scalars(found))


def who_can_take(viewer: Viewer, item_id: int) -> list[tuple[str, bool]]:
    """Return the colleagues to whom an item can be handed over, and whether each is on call.

    Those on call come first.
    """
    on_call = on_call_policy.on_call_for_item()
    group_id = select(QueueItem.group_id).where(QueueItem.id == item_id).correlate(None)
    some = groups.moderating_accounts(group_id.scalar_subquery())
    found = (
        select(Account.handle, on_call)
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .join(Account, policy.visible_to(Account.id))
        .where(QueueItem.id == item_id, Account.id.in_(some), Account.id != viewer.sql_id())
        .order_by(on_call.desc(), Account.handle_key)
        .limit(at_most(COLLEAGUES_MAX))
    )
    return [(handle, bool(now)) for handle, now in current_session().execute(found)]


def related_items(viewer: Viewer, item: ItemView) -> list[ItemView]:
    """Return the newest other items about the same thing or person that the viewer may see."""
    now = clock.now()
    same = and_(QueueItem.target_kind == item.target_kind, QueueItem.target_id == item.target_id)
    if item.about_id is not None:
        same = or_(same, QueueItem.about_id == item.about_id)
    found = _items(viewer, now).where(same, QueueItem.id != item.id)
    rows = current_session().execute(
        found.order_by(QueueItem.id.desc()).limit(at_most(RELATED_MAX))
    )
    return _as_items(viewer, now, rows.all())


def count_others_about_person(viewer: Viewer, item: ItemView) -> tuple[int, int]:
    """Return how many other items about the same person the viewer may see, and acted on."""
    if item.about_id is None:
        return 0, 0
    acted = case((QueueItem.outcome == "acted", 1), else_=0)
    found = (
        select(func.count(), func.coalesce(func.sum(acted), 0))
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(
            QueueItem.about_id == item.about_id,
            QueueItem.id != item.id,
            policy.visible_to(viewer.sql_id()),
        )
    )
    count, of_these = current_session().execute(found).one()
    return int(count), int(of_these)


def _page(
    viewer: Viewer, now: datetime, rows: Select[*tuple[Any, ...]], page: int, most: int
) -> list[ItemView]:
    found = rows.limit(most).offset((page - 1) * most)
    return _as_items(viewer, now, current_session().execute(found).all())


def _as_items(viewer: Viewer, now: datetime, rows: Sequence[AnyRow]) -> list[ItemView]:
    reasons: dict[int, set[str]] = {}
    reported = [row.id for row in rows if row.reports]
    if reported:
        given = select(Report.item_id, Report.reason).where(Report.item_id.in_(reported))
        for item_id, reason in current_session().execute(given.distinct()):
            reasons.setdefault(item_id, set()).add(reason)
    crises = [row.group_id for row in rows if row.urgency == policy.CRISIS]
    covered = rota.groups_on_call(crises) if crises else set()
    there = crisis_calls.people_there([row.id for row in rows if row.urgency == policy.CRISIS])
    return [
        ItemView(
            **row._mapping,
            reasons=tuple(one for one in report_policy.REASONS if one in reasons.get(row.id, ())),
            on_call_now=row.group_id in covered,
            there=there.get(row.id, ()),
            viewer_is_there=crisis_calls.is_there(there.get(row.id, ()), viewer.id),
            is_mine=row.claimed_by_id is not None and row.claimed_by_id == viewer.id,
            now=now,
        )
        for row in rows
    ]
