"""A group with everybody who actions or is acted on, for the tests of actions and of their log."""

from typing import Any

from sqlalchemy import func, select

from forum.core import db
from forum.moderation.models import AuditLogEntry
from forum.threads import service as threads
from forum.threads.posts.post_creation import PostRef
from tests.support import factories as make
from tests.support.worlds import copied_worlds

ModerationWorld = tuple[
    int, dict[str, Any], PostRef
]  # any: a member has an id, a Viewer may have none


def moderation_world() -> ModerationWorld:
    """Return a group, its people by role, and the first post of a thread in it."""
    return copied_worlds.world("actsroom", _made)


def _made() -> ModerationWorld:
    group = make.group()
    people = {
        "author": make.join(make.person(), group),
        "member": make.join(make.person(), group),
        "facilitator": make.join(make.person(), group, "facilitator"),
        "moderator": make.join(make.person(), group, "moderator"),
        "second": make.join(make.person(), group, "moderator"),
        "administrator": make.administrator(),
    }
    place = threads.start_thread(people["author"], group, title="A title", body="Some words")
    return group, people, place


def count() -> int:
    """Return how many rows the log has."""
    db.release_session()
    return db.current_session().scalar(select(func.count(AuditLogEntry.id))) or 0
