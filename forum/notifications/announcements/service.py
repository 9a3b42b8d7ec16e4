"""Every write about announcements: making one, and taking it back."""

from forum.accounts.policy import Viewer
from forum.core import clock, text
from forum.core.background.jobs import queue
from forum.core.db import transaction
from forum.core.errors import Invalid, NotFound
from forum.core.translation import _
from forum.groups.models import Group
from forum.notifications.announcements import policy
from forum.notifications.announcements.models import Announcement

TITLE_MAX, BODY_MAX = 100, 5_000
NOTIFY_JOB = "notify_of_announcement"


def checked(title: str, body: str) -> tuple[str, str]:
    """Return title and words as they are kept. Raises Invalid."""
    wrong: dict[str, str] = {}
    try:
        title = text.one_line(title, "title", least=3, most=TITLE_MAX)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        body = text.checked(body, "body", least=1, most=BODY_MAX, name=_("The announcement"))
    except Invalid as refusal:
        wrong |= refusal.fields
    if wrong:
        raise Invalid(fields=wrong)
    return title, body


def make(viewer: Viewer, *, title: str, body: str, group_id: int | None = None) -> int:
    """Announce something to all members, or to those of a group; return its id.

    A background job notifies them, a few at a time. Raises LoginNeeded, Forbidden, Invalid.
    """
    by_id = policy.require_administrator(viewer)
    title, body = checked(title, body)
    with transaction() as session:
        if group_id is not None and session.get(Group, group_id) is None:
            raise Invalid(fields={"group": _("Choose one of the options.")})
        made = Announcement(
            by_id=by_id, group_id=group_id, title=title, body=body, created_at=clock.now()
        )
        session.add(made)
        session.flush()
        queue.enqueue(session, NOTIFY_JOB, made.id)
        return made.id


def take_back(viewer: Viewer, announcement_id: int) -> None:
    """Let nobody see an announcement any longer; who has not been notified won't be.

    Harmless when it was done before. Raises LoginNeeded, Forbidden, NotFound.
    """
    policy.require_administrator(viewer)
    with transaction() as session:
        found = session.get(Announcement, announcement_id, with_for_update=True)
        if found is None:
            raise NotFound
        found.taken_back_at = found.taken_back_at or clock.now()
