"""Reads about announcements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select

from forum.accounts.policy import Viewer, member_id
from forum.core import text
from forum.core.db import AnyRow, at_most, current_session
from forum.core.errors import NotFound
from forum.groups.models import Group
from forum.notifications.announcements import policy
from forum.notifications.announcements.models import Announcement

SHOWN_MAX = 50


@dataclass(frozen=True)
class AnnouncementView:
    """An announcement, and the name of the group that it is for; "" for everyone."""

    id: int
    title: str
    body: str
    group: str
    created_at: datetime

    @property
    def html(self) -> Markup:
        """The words as they are shown."""
        return Markup(text.render(self.body))  # noqa: S704 - text.render is the sanitiser


_FOUND = (
    select(Announcement, Group.name.label("group"))
    .outerjoin(Group, Group.id == Announcement.group_id)
    .order_by(Announcement.id.desc())
)


def announcement_for(viewer: Viewer, announcement_id: int) -> AnnouncementView:
    """Return an announcement that is for the viewer. Raises LoginNeeded, NotFound."""
    member_id(viewer)
    mine = policy.visible_to(viewer.sql_id())
    found = current_session().execute(_FOUND.where(Announcement.id == announcement_id, mine))
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


def latest(viewer: Viewer) -> Sequence[AnnouncementView]:
    """Return what was announced and stands, newest first. Raises LoginNeeded, Forbidden."""
    policy.require_administrator(viewer)
    stands = _FOUND.where(Announcement.taken_back_at.is_(None)).limit(at_most(SHOWN_MAX))
    return [_view(row) for row in current_session().execute(stands)]


def _view(row: AnyRow) -> AnnouncementView:
    one: Announcement = row.Announcement
    return AnnouncementView(one.id, one.title, one.body, row.group or "", one.created_at)
