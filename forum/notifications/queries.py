"""Reads about notifications: each line is shown only while its post may be seen."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, person_id
from forum.accounts.preferences import content_note_preferences
from forum.core.db import at_most, current_connection
from forum.core.db.compiled_sql import CompiledStatement
from forum.core.translation import _
from forum.core.web.paging import pages
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.notifications import policy, shown_moments, shown_posts, titles
from forum.notifications.models import Notification
from forum.notifications.preferences import policy as preferences
from forum.notifications.registry import named, sharing
from forum.notifications.shown_moments import ShownMoments
from forum.threads import policy as threads
from forum.threads.models import Post, Thread

LINES_A_PAGE = 30
LOOKS_BACK = 1_000
MAX_PAGES = 2 * LOOKS_BACK // LINES_A_PAGE + 1  # the newest lines, and as many that are unread
_ME = bindparam("me", type_=Integer)


@dataclass(frozen=True)
class NotificationView:
    """One thing that a member was told.

    `others` reacted to the same post before `actor` did, or are the replies that followed
    `actor`'s before they were read, of which 100 are counted; `created_at` is when the latest of
    them came. Where the reader
    wants the post's content note `out_of_sight`, its content note is left out.
    """

    id: int
    type: str
    actor: str | None
    others: int
    thread_id: int | None
    post_id: int | None
    about_id: int | None
    title: str | None
    content_note: str | None
    out_of_sight: bool
    created_at: datetime
    read: bool
    moments: ShownMoments | None

    @property
    def about(self) -> str:
        """What is said of things other than posts; empty for a post."""
        if not self.about_id:
            return ""
        title = _("this community") if self.title == titles.COMMUNITY else self.title
        return str(named(self.type).text) % {"title": title}

    @property
    def button(self) -> tuple[str, str] | None:
        """What can be done from the line by one button, and the address that does it."""
        if not self.about_id or not (one := named(self.type)).button:
            return None
        return one.button, one.button_address.format(id=self.about_id)

    @property
    def icon(self) -> str:
        """The drawing beside things other than posts; empty for a post."""
        return named(self.type).icon if self.about_id else ""


# What depends on the types is built when it is first asked for, as slices above add theirs.
@cache
def _lines() -> Subquery:
    """One row a line: the newest of somebody's notifications, by type and post or other thing.

    For each only the last of what it tells is looked for, since all of them have to be put in
    order: what takes longer is asked for those on the page alone.
    """
    mine = select(Notification.id).where(
        Notification.account_id == _ME, preferences.is_listed(Notification)
    )
    # A line of long ago may be unread still, and tell of what was said today.
    newest, waiting = (
        some.order_by(Notification.id.desc()).limit(at_most(LOOKS_BACK)).subquery()
        for some in (mine, mine.where(Notification.read_at.is_(None)))
    )
    either = union(select(newest.c.id), select(waiting.c.id))
    recent = aliased(
        Notification, select(Notification).where(Notification.id.in_(either)).subquery()
    )
    last = shown_posts.last_at(recent)
    told = (
        select(
            recent.id,
            recent.type,
            recent.post_id,
            recent.read_at,
            case(
                (and_(recent.thread_id.is_(None), last.is_not(None)), recent.created_at), else_=last
            ).label("at"),
        )
        .join(policy.Named, policy.Named.id == recent.post_id)
        .subquery()
    )
    of_posts = (
        select(
            func.max(told.c.id).label("id"),
            func.count().label("together"),
            (func.count() == func.count(told.c.read_at)).label("read"),
            func.max(told.c.at).label("at"),
        )
        .where(told.c.at.is_not(None))
        .group_by(told.c.type, told.c.post_id)
    )
    of_others = select(recent.id, literal(1), recent.read_at.is_not(None), recent.created_at).where(
        policy.about_visible(recent.type, recent.account_id, recent.about_id)
    )
    return union_all(of_posts, of_others).subquery()


def _page() -> Select[Any]:
    found = _lines()
    here = (
        select(found, func.count().over().label("of_all"))
        .order_by(found.c.at.desc(), found.c.id.desc())
        .limit(at_most(LINES_A_PAGE))
        .offset(bindparam("skip", type_=Integer))
        .subquery()
    )
    titles = sharing(lambda one: one.title)
    # A line of a thread is one, and tells of many; several lines of one post are shown as one.
    told = (
        select(
            here.c.id,
            here.c.read,
            here.c.at,
            here.c.of_all,
            Notification.type,
            Notification.about_id,
            Notification.actor_id,
            shown_posts.first(Notification).label("post_id"),
            case(
                (Notification.thread_id.is_not(None), shown_posts.count(Notification)),
                else_=here.c.together,
            ).label("told"),
        )
        .join(Notification, Notification.id == here.c.id)
        .outerjoin(policy.Named, policy.Named.id == Notification.post_id)
        .subquery()
    )
    line = told.c
    return (
        select(
            line.id,
            line.type,
            Account.handle.label("actor"),
            (line.told - 1).label("others"),
            Post.thread_id,
            line.post_id,
            line.about_id,
            case(
                *(
                    (policy.is_any(line.type, names), title(line.about_id))
                    for title, names in titles.items()
                ),
                else_=threads.title_for(_ME),
            ).label("title"),
            Post.content_note,
            content_note_preferences.LINES.label("note_choices"),
            groups.moderates(_ME).label("moderates"),
            line.at.label("created_at"),
            *shown_moments.columns(line.type, line.about_id, _ME),
            line.read,
            line.of_all,
        )
        .outerjoin(Post, Post.id == line.post_id)
        .outerjoin(Account, Account.id == policy.actor_of(line))
        .outerjoin(Thread, Thread.id == Post.thread_id)
        .outerjoin(Group, Group.id == Thread.group_id)
        .order_by(line.at.desc(), line.id.desc())
    )


_PAGE = CompiledStatement(_page)  # saves 67 % of the page of notifications


def last_page(viewer: Viewer) -> int:
    """Return how many pages of lines there are, at least 1. Raises LoginNeeded."""
    found = current_connection().execute(_count(), {"me": person_id(viewer)}).scalar_one()
    return pages(found, LINES_A_PAGE)


@cache
def _count() -> Select[int]:
    return select(func.count()).select_from(_lines())


def lines(viewer: Viewer, page: int = 1) -> list[NotificationView]:
    """Return a page of what somebody was told, newest first. Raises LoginNeeded."""
    skip = (page - 1) * LINES_A_PAGE
    return [_as_view(row) for row in _PAGE.all(me=person_id(viewer), skip=skip)]


def page_of(viewer: Viewer, page: int) -> tuple[list[NotificationView], int, int]:
    """Return a page of lines, which one it is, and how many there are: the last, if it is too far.

    Raises LoginNeeded.
    """
    rows = _PAGE.all(me=person_id(viewer), skip=(page - 1) * LINES_A_PAGE)
    if not rows and page > 1:
        return page_of(viewer, last_page(viewer))
    last = pages(rows[0].of_all if rows else 0, LINES_A_PAGE)
    return [_as_view(row) for row in rows], page, last


def _as_view(row: Any) -> NotificationView:
    told = row._asdict()
    for name in ("of_all", *shown_moments.NAMES):
        told.pop(name)
    choices, must_see = told.pop("note_choices"), told.pop("moderates")
    out_of_sight = content_note_preferences.is_hidden(row.content_note, choices, must_see=must_see)
    kept_back = {"content_note": None} if out_of_sight else {}
    return NotificationView(
        **{**told, **kept_back, "out_of_sight": out_of_sight, "read": bool(row.read)},
        moments=shown_moments.of(row),
    )
