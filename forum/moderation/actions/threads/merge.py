"""Merging two threads of one group into the older one."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import ids
from forum.core.errors import Forbidden, Invalid, NotFound
from forum.core.translation import _, lazy, ngettext
from forum.moderation.actions.action import Change, FormData, Given
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.splits_and_merges import Restructuring
from forum.moderation.actions.targets import THREAD, Target
from forum.threads import queries as threads
from forum.threads.lists import thread_lists
from forum.threads.models import Thread
from forum.threads.posts import moderator_edits
from forum.threads.restructuring import split_merge

_BEHIND_PATH = re.compile(r"[?#]")


class Merge(Restructuring):
    """Merge two threads; the older one is the target, and the value is the newer one."""

    name = "merge"
    label = lazy("Merge with another thread")
    done = lazy("Two threads were merged")
    about = lazy(
        "All posts move into the older thread, in order of time. The other's address leads there."
    )
    on = THREAD
    least = MODERATOR
    position = 110
    asks = "thread"
    message_hint = lazy("The person who started the newer thread reads it.")

    def value_of(self, form: Any) -> str:
        """Return the thread that was chosen, or whose address was given."""
        return str(form.get("address", "").strip() or form.get("value", ""))

    def check(self, value: str) -> str:
        """Return a thread's number. Raises Invalid."""
        path = _BEHIND_PATH.split(value.strip(), maxsplit=1)[0]
        number = ids.row_id(path.rpartition("/threads/")[2])
        if number is None:
            words = _("Choose a thread, or enter its address or number.")
            raise Invalid(fields={"value": words})
        return str(number)

    def lock_first(
        self, session: Session, viewer: Viewer, target_id: int, value: str
    ) -> tuple[int, str]:
        """Lock both; the older one, which stays, is the target. Raises Invalid."""
        both = [target_id, int(value)]
        moderator_edits.lock_threads(session, both)
        if not threads.thread_for(viewer, target_id).moderates:
            return target_id, value  # which is refused
        try:
            other_too = threads.thread_for(viewer, int(value)).moderates
        except (NotFound, Forbidden):
            other_too = False
        if not other_too:
            words = _("Choose a thread in a group you moderate.")
            raise Invalid(fields={"value": words})
        older, *others = [*split_merge.oldest_first(session, both), target_id]
        return older, str(others[0])

    def people(self, session: Session, target: Target, value: str) -> list[int | None]:
        """Return who began the newer one, then who began the older one."""
        both = [int(value), target.id]
        began = session.execute(select(Thread.id, Thread.author_id).where(Thread.id.in_(both)))
        authors = {row.id: row.author_id for row in began}
        return [authors.get(one) for one in both]

    def apply(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        given: Given,
        by_ids: tuple[int, ...],
    ) -> Change:
        """Merge them."""
        before, after = split_merge.merge_threads(viewer, target.id, int(given.value))
        return Change(before.as_json(), after.as_json())

    def form(self, viewer: Viewer, target_id: int, page: int) -> FormData:
        """Offer the group's latest other threads, with how many replies they have."""
        group_id = threads.thread_for(viewer, target_id).group_id
        return FormData(
            options=[
                (
                    str(one.id),
                    ngettext(
                        "%(title)s (%(count)s reply)",
                        "%(title)s (%(count)s replies)",
                        one.replies,
                        title=one.title,
                    ),
                )
                for one in thread_lists.threads_of(viewer, group_id, 1)
                if one.id != target_id and not one.pending
            ]
        )

    def summary(self, viewer: Viewer, value: str) -> str:
        """Name the newer one by its number."""
        return _("With thread %(number)s", number=value)
