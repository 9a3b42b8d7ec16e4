"""What waits for somebody by their role: the queue, join requests, appeals and approvals."""

from typing import NamedTuple

from forum.accounts.policy import Viewer
from forum.core.text.alphabets.direction import isolated_text
from forum.core.translation import ngettext
from forum.core.web.templating.template_helpers import at_most_100
from forum.groups.membership import member_queries
from forum.moderation.audit_log import queries as log
from forum.moderation.queue import stats

QUEUE = "/moderation"


class Task(NamedTuple):
    """Something that waits: how many, the same in words, and where it is done."""

    waiting: int
    words: str
    address: str


def tasks_of(viewer: Viewer) -> list[Task]:
    """Return what waits for the viewer and that they may see; nothing where nothing does."""
    found = [
        _queue(viewer),
        *(
            _join_requests(row.requests, row.name, row.slug)
            for row in member_queries.count_join_requests(viewer)
        ),
        _decisions(log.count_waiting(viewer)),
    ]
    return [task for task in found if task.waiting]


def _queue(viewer: Viewer) -> Task:
    waiting = stats.count_waiting(viewer)
    crises = stats.count_waiting(viewer, only_crises=True) if waiting else 0
    if crises:
        words = ngettext(
            "Moderation queue: %(shown)s crisis, %(all)s in all",
            "Moderation queue: %(shown)s crises, %(all)s in all",
            crises,
            shown=at_most_100(crises),
            all=at_most_100(waiting),
        )
        return Task(waiting, words, QUEUE)
    words = ngettext(
        "%(shown)s item in the moderation queue",
        "%(shown)s items in the moderation queue",
        waiting,
        shown=at_most_100(waiting),
    )
    return Task(waiting, words, QUEUE)


def _join_requests(waiting: int, group_name: str, slug: str) -> Task:
    words = ngettext(
        "%(shown)s request to join %(group)s",
        "%(shown)s requests to join %(group)s",
        waiting,
        shown=at_most_100(waiting),
        group=isolated_text(group_name),
    )
    return Task(waiting, words, f"/groups/{slug}/requests")


def _decisions(waiting: int) -> Task:
    words = ngettext(
        "%(shown)s decision to make",
        "%(shown)s decisions to make",
        waiting,
        shown=at_most_100(waiting),
    )
    return Task(waiting, words, "/moderation/log")
