"""Reads about groups, through the conditions of policy.

`group_for` runs on every page of a group, so its statement is built once, with the viewer as a
parameter, and answers everything about viewer and group at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import Integer, bindparam, exists, func, select

from forum.accounts import policy as accounts
from forum.accounts.policy import Viewer
from forum.core import clock, ids, text
from forum.core.db import current_connection, current_session
from forum.core.db.compiled_sql import CompiledStatement
from forum.core.errors import Gone, NotFound
from forum.core.text.alphabets import letters
from forum.core.translation import _, lazy
from forum.groups import policy
from forum.groups.fields import SLUG
from forum.groups.models import APPROVAL, Group, GroupRemoval, Invitation, JoinRequest, Membership

BANDS = (
    (5, "a handful"),
    (20, "up to 20"),
    (50, "20\N{EN DASH}50"),
    (200, "50\N{EN DASH}200"),
)
OVER_ALL = "over 200"
SIZES = {
    "a handful": lazy("a handful of people"),
    "up to 20": lazy("up to 20 people"),
    "20\N{EN DASH}50": lazy("20 to 50 people"),
    "50\N{EN DASH}200": lazy("50 to 200 people"),
    OVER_ALL: lazy("over 200 people"),
}


@dataclass(frozen=True)
class GroupView:
    """A group, and what it is to the one who looks at it."""

    id: int
    slug: str
    name: str
    topic: str
    description: str
    guidelines: str
    welcome: str
    leader_kind: str
    visibility: str
    readable_by_all: bool
    premoderate_first_posts: bool
    private_messages: bool
    messages_with_moderators: bool
    member_count: int
    thread_count: int
    created_at: datetime
    role: str | None
    belongs: bool
    readable: bool
    moderates: bool
    is_moderator: bool
    has_asked: bool
    is_removed: bool
    has_mute_or_block: bool

    @property
    def size(self) -> str:
        """About how many members it has; never exactly, since that would tell who came and left."""
        return next((words for most, words in BANDS if self.member_count <= most), OVER_ALL)

    @property
    def summary(self) -> str:
        """The description's first paragraph as plain words, for lists."""
        return _plain(self.description.partition("\n\n")[0])

    @property
    def description_html(self) -> Markup:
        """The description as it is shown."""
        return html(self.description)

    @property
    def guidelines_html(self) -> Markup:
        """The guidelines as they are shown."""
        return html(self.guidelines)

    @property
    def welcome_html(self) -> Markup:
        """The welcome as it is shown."""
        return html(self.welcome)

    @property
    def lets_in_at_once(self) -> bool:
        """Whether the viewer joins without being accepted by somebody first."""
        return self.visibility != APPROVAL or self.moderates or self.belongs


_VIEWER_ID = bindparam("viewer_id", type_=Integer)
_HERS = (Membership.account_id == _VIEWER_ID, Membership.group_id == Group.id)
_ASKED = exists().where(JoinRequest.account_id == _VIEWER_ID, JoinRequest.group_id == Group.id)
_REMOVED = exists().where(GroupRemoval.account_id == _VIEWER_ID, GroupRemoval.group_id == Group.id)
_ANY = select(
    *Group.__table__.columns,
    select(Membership.role).where(*_HERS).scalar_subquery().label("role"),
    policy.belongs(_VIEWER_ID).label("belongs"),
    policy.readable_by(_VIEWER_ID).label("readable"),
    policy.moderates(_VIEWER_ID).label("moderates"),
    policy.is_moderator(_VIEWER_ID).label("is_moderator"),
    _ASKED.label("has_asked"),
    _REMOVED.label("is_removed"),
    accounts.has_any_mute_or_block(_VIEWER_ID).label("has_mute_or_block"),
)
_VISIBLE = _ANY.where(policy.visible_to(_VIEWER_ID))
# Saves 15 % of a group's page.
_BY_SLUG = CompiledStatement(_VISIBLE.where(Group.slug == bindparam("slug")))
_BY_ID = _VISIBLE.where(Group.id == bindparam("group_id"))
_DIRECTORY = _VISIBLE.order_by(Group.id)
_HERS_HERE = select(Membership.group_id).where(Membership.account_id == _VIEWER_ID)
_MINE = _ANY.where(Group.id.in_(_HERS_HERE), policy.belongs(_VIEWER_ID)).order_by(Group.id)
_INVITED = (
    _ANY.add_columns(Invitation.uses_left, Invitation.expires_at)
    .join(Invitation, Invitation.group_id == Group.id)
    .where(Invitation.digest == bindparam("digest"), policy.moderates(Invitation.made_by_id))
)


@lru_cache(maxsize=512)
def html(markdown: str) -> Markup:
    """Return what people wrote about a group as safe HTML."""
    return Markup(text.render(markdown))  # noqa: S704 - text.render is the sanitiser


@lru_cache(maxsize=512)
def _plain(markdown: str) -> str:
    return html(markdown).striptags()


def group_for(viewer: Viewer, slug: str) -> GroupView:
    """Return the group at an address. Raises NotFound when the viewer may not know of it."""
    if not SLUG.fullmatch(slug):
        raise NotFound
    return _found(_BY_SLUG.first(viewer_id=viewer.id or 0, slug=slug))


def group_by_id(viewer: Viewer, group_id: int) -> GroupView:
    """Return a group. Raises NotFound when the viewer may not know of it."""
    asked = {"viewer_id": viewer.id or 0, "group_id": group_id}
    return _found(current_connection().execute(_BY_ID, asked).first())


def id_of(slug: str) -> int:
    """Return the id of the group at an address, for the operator. Raises NotFound."""
    found = current_session().scalar(select(Group.id).where(Group.slug == slug))
    if found is None:
        raise NotFound(f"There is no group {slug}.")
    return found


def directory(viewer: Viewer) -> list[GroupView]:
    """Return all groups that the viewer may know of, by name."""
    found = current_session().execute(_DIRECTORY, {"viewer_id": viewer.id or 0})
    return letters.in_order(_view(row._asdict()) for row in found)


def groups_of(viewer: Viewer) -> list[GroupView]:
    """Return the groups to which the viewer belongs, by name; of others none is looked at."""
    found = current_connection().execute(_MINE, {"viewer_id": viewer.id or 0})
    return letters.in_order(_view(row._asdict()) for row in found)


class OwnGroup(NamedTuple):
    """A group to which somebody belongs, for lists of links."""

    id: int
    slug: str
    name: str
    moderates: bool


_OWN = (
    select(Group.id, Group.slug, Group.name, policy.moderates(_VIEWER_ID).label("moderates"))
    .join(Membership, Membership.group_id == Group.id)
    .where(Membership.account_id == _VIEWER_ID, policy.belongs(_VIEWER_ID))
)


def own_groups(viewer: Viewer) -> list[OwnGroup]:
    """Return the groups to which the viewer belongs, by name."""
    found = current_connection().execute(_OWN, {"viewer_id": viewer.id or 0})
    return letters.in_order([OwnGroup(*row) for row in found])


def invited_to(viewer: Viewer, token: str) -> GroupView:
    """Return the group that an invitation opens, hidden or not.

    Raises NotFound for an invitation that is unknown, withdrawn, or made by a person who may no
    longer invite, or not for now, and Gone for one that is used up or too old, unless the viewer
    belongs to the group already.
    """
    values = {"viewer_id": viewer.id or 0, "digest": ids.digest(token)}
    row = current_session().execute(_INVITED, values).one_or_none()
    if row is None:
        raise NotFound(
            _(
                "This invitation doesn't work. It may have been withdrawn, or part of the link may "
                "be missing. Ask the person who sent it for a new one."
            )
        )
    if not row.belongs and (row.uses_left < 1 or row.expires_at <= clock.now()):
        raise Gone(
            _(
                "This invitation has been used or has expired. "
                "Ask the person who sent it for a new one."
            )
        )
    return _view(row._asdict())


def count_active(group_id: int, roles: Collection[str]) -> int:
    """Return how many people with one of these roles are not suspended."""
    found = select(func.count()).select_from(Membership)
    active = found.where(
        Membership.group_id == group_id,
        Membership.role.in_(roles),
        accounts.is_active(Membership.account_id),
    )
    return current_session().scalar(active) or 0


def _found(row: Any | None) -> GroupView:
    if row is None:
        raise NotFound
    return _view(row._asdict())


def _view(row: Mapping[str, Any]) -> GroupView:
    facts = {name: row[name] for name in GroupView.__dataclass_fields__}
    return GroupView(**{**facts, "role": facts["role"] if facts["belongs"] else None})
