"""Names for the page of the log: threads, titles that were changed, groups to choose from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal, or_, select, union_all

from forum.accounts import policy as accounts
from forum.accounts.policy import Viewer
from forum.core.db import at_most, current_session
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.actions import policy
from forum.moderation.actions.targets import POST, THREAD
from forum.moderation.models import AuditLogEntry
from forum.threads.models import Post, Thread
from forum.threads.policy import thread_visible_to

GROUPS_MAX = 200


def old_titles(viewer: Viewer, rows: Sequence[Any]) -> dict[int, str]:
    """Return the titles that were changed, by row of the log, for people who may change titles."""
    find = (
        select(AuditLogEntry.id, AuditLogEntry.before["title"].as_string())
        .outerjoin(Group, Group.id == AuditLogEntry.group_id)
        .where(
            AuditLogEntry.id.in_([row.id for row in rows if row.action == "title"]),
            policy.may_perform(viewer.sql_id(), AuditLogEntry.group_id, AuditLogEntry.action),
        )
    )
    return {row_id: title for row_id, title in current_session().execute(find) if title}


def thread_titles(viewer: Viewer, rows: Sequence[Any]) -> dict[tuple[str, int], str]:
    """Return the titles of the threads that rows are about, as far as the viewer sees them."""
    found = select(literal(THREAD), Thread.id, Thread.title).join(
        Group, Group.id == Thread.group_id
    )
    by_post = (
        select(literal(POST), Post.id, Thread.title)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Group, Group.id == Thread.group_id)
    )
    asked = {
        kind: [row.target_id for row in rows if row.target_kind == kind] for kind in (THREAD, POST)
    }
    sees = thread_visible_to(viewer.sql_id())
    both = union_all(
        found.where(sees, Thread.id.in_(asked[THREAD])),
        by_post.where(sees, Post.id.in_(asked[POST])),
    )
    return {(kind, row_id): title for kind, row_id, title in current_session().execute(both)}


def groups_in_log(viewer: Viewer) -> list[tuple[str, str]]:
    """Return address and name of the groups whose actions the viewer may look through."""
    mine = or_(accounts.administers(viewer.sql_id()), groups.moderates(viewer.sql_id()))
    found = select(Group.slug, Group.name).where(mine).order_by(Group.name)
    rows = current_session().execute(found.limit(at_most(GROUPS_MAX)))
    return [(slug, name) for slug, name in rows]
