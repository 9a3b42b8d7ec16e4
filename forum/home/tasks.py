"""What waits for somebody by their role: the queue, join requests, appeals and approvals."""

from typing import NamedTuple

from forum.accounts.policy import Viewer
from forum.groups.membership import member_queries
from forum.moderation.audit_log import queries as log
from forum.moderation.queue import stats

QUEUE = "/moderation"


class Task(NamedTuple):
    """Something that waits: how many, of what, and where it is done."""

    waiting: int
    one: str
    several: str
    address: str


def tasks_of(viewer: Viewer) -> list[Task]:
    """Return what waits for the viewer and that they may see; nothing where nothing does."""
    found = [
        Task(
            stats.count_waiting(viewer),
            "item in the moderation queue",
            "items in the moderation queue",
            QUEUE,
        ),
        *(
            Task(
                row.requests,
                f"request to join {row.name}",
                f"requests to join {row.name}",
                f"/groups/{row.slug}/requests",
            )
            for row in member_queries.count_join_requests(viewer)
        ),
        Task(log.count_waiting(viewer), "decision for you", "decisions for you", "/moderation/log"),
    ]
    return [task for task in found if task.waiting]
