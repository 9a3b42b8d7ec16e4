"""Moving a thread to another group, and back while nothing in it has changed."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import text
from forum.core.cooperative_yielding import give_way, in_turns
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.translation import _, lazy
from forum.groups import queries as groups
from forum.moderation.actions import role_ranks
from forum.moderation.actions.action import Action, Change, FormData, Given
from forum.moderation.actions.targets import THREAD, Target
from forum.moderation.models import AuditLogEntry
from forum.threads import policy as thread_policy
from forum.threads import queries as threads
from forum.threads.models import PendingEdit, Post
from forum.threads.restructuring import move, split_merge

ROWS_AT_ONCE = 500
NOWHERE = lazy(
    "You don't moderate another group that is at least as private as this one. People wrote for "
    "the readers they had."
)


class Move(Action):
    """Move a thread to a group that one moderates too and that is no more open."""

    name = "move"
    label = lazy("Move to another group")
    done = lazy("A thread was moved to another group")
    about = lazy(
        "You can move it to another group you moderate that is at least as private. Its address "
        "stays the same."
    )
    on = THREAD
    least = role_ranks.MODERATOR
    position = 90
    field = "group_id"
    asks = "group"
    message_hint = lazy("The person who started the thread reads it.")

    def check(self, value: str) -> str:
        """Return a group, as in its address. Raises Invalid."""
        return text.one_line(value, "value", least=1, most=60, name=_("The group"))

    def apply(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        given: Given,
        by_ids: tuple[int, ...],
    ) -> Change:
        """Move it."""
        try:
            group_id = groups.group_for(viewer, given.value).id
        except NotFound:
            raise Invalid(fields={"value": _("Choose one of your groups.")}) from None
        if group_id == target.group_id:
            raise Conflict(_("This thread is already in that group."), code="already_done")
        self._require_rank(session, viewer, group_id)
        move.move_thread(viewer, target.id, group_id)
        give_way()
        after = {"group_id": group_id, "said": _digest(session, target.id)}
        return Change({"group_id": target.group_id}, after)

    def is_as_left(self, session: Session, target: Target, entry: AuditLogEntry) -> bool:
        """Whether it is where it was moved to."""
        return bool(target.group_id == entry.after.get("group_id"))

    def undo(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        entry: AuditLogEntry,
        reason: str,
        *,
        appealed: bool,
    ) -> None:
        """Move it back. Raises Conflict where it is elsewhere, or may not go to a more open one."""
        if not self.is_as_left(session, target, entry):
            raise Conflict(split_merge.CHANGED)
        group_id = entry.before["group_id"]
        self._require_rank(session, viewer, group_id)
        as_it_was = entry.after.get("said") == _digest(session, target.id)
        move.move_thread(viewer, target.id, group_id, back=as_it_was)

    def form(self, viewer: Viewer, target_id: int, page: int) -> FormData:
        """Offer the groups to which the viewer may move it."""
        here = groups.group_by_id(viewer, threads.thread_for(viewer, target_id).group_id)
        options = [
            (there.slug, there.name)
            for there in groups.directory(viewer)
            if there.is_moderator
            and there.id != here.id
            and thread_policy.is_as_closed(there, here)
        ]
        return FormData(options=options, refusal="" if options else NOWHERE)

    def summary(self, viewer: Viewer, value: str) -> str:
        """Name the group; a hidden one only to its members."""
        try:
            return _("To %(group)s", group=groups.group_for(viewer, value).slug)
        except NotFound:
            return _("To a group you're not in")

    def _require_rank(self, session: Session, viewer: Viewer, group_id: int) -> None:
        if role_ranks.rank_of(session, viewer.id, group_id) < self.least:
            raise Forbidden(
                _("Only someone who moderates both groups can do that."), code="not_yours"
            )


def _digest(session: Session, thread_id: int) -> str:
    """Return a digest of which posts a thread holds, and when their texts were written.

    What was said, changed or joined to it in a more closed group must not go to a more open one,
    nor an edit that waits for approval. Others go on in between.
    """
    rows = session.execute(
        select(Post.id, Post.created_at, Post.edited_at, PendingEdit.version)
        .outerjoin(PendingEdit, PendingEdit.post_id == Post.id)
        .where(Post.thread_id == thread_id)
        .order_by(Post.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    lines = [f"{tuple(row[:3])}{row.version or ''}" for row in in_turns(rows)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
