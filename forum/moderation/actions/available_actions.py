"""What somebody can choose to do to what is said or to a person."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import String, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from forum.accounts import policy as accounts
from forum.accounts.identity import public_ids
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core.db import at_most, current_session, transaction
from forum.core.errors import Forbidden, NotFound, Refusal
from forum.core.translation import _, lazy
from forum.groups import policy as group_policy
from forum.groups import queries as groups
from forum.groups.models import Group, Membership
from forum.moderation.actions import conflicts_of_interest, policy, role_ranks, targets
from forum.moderation.actions.action import Action
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import PERSON, POST, ROOM, TARGETS, THREAD, Target
from forum.moderation.queue_items.models import ROOM_MESSAGE

PLACES_MAX = 5
HEADINGS = {
    POST: lazy("Moderate a post"),
    THREAD: lazy("Moderate a thread"),
    PERSON: lazy("Moderate a member"),
    ROOM_MESSAGE: lazy("Moderate a message in a room"),
    ROOM: lazy("Moderate someone in a room"),
}


@dataclass(frozen=True)
class Offer:
    """The actions that are open to somebody here, by name; `back` is where they came from.

    `fitting` are those that would change something now, and `second` those that need a second
    person, with whether there is anybody who could be that. `group_id` and `group_slug` are where,
    for a person, and `person_id` who, in a room; `name` is how the target is called, and
    `home_slug` the group in which it is. `about_id` and `about` are whose words they are.
    """

    on: str
    id: int
    group_id: int | None
    group_slug: str
    person_id: int | None
    back: str
    name: str
    actions: dict[str, Action]
    fitting: list[str]
    second: dict[str, bool]
    home_slug: str
    about_id: int | None
    about: str

    @property
    def heading(self) -> str:
        """What the page is called that offers them."""
        return HEADINGS[self.on]

    @property
    def named(self) -> str:
        """How an address names the target."""
        return public_ids.of(self.id) if self.on == PERSON else str(self.id)

    @property
    def more(self) -> str:
        """What an address needs besides kind and name to mean this target."""
        if self.group_slug:
            return f"&group={self.group_slug}"
        return f"&person={public_ids.of(self.person_id)}" if self.person_id else ""


def offer(
    viewer: Viewer, on: str, target_id: int, slug: str = "", person_id: int | None = None
) -> Offer:
    """Return what the viewer may do; `person_id` is who, in a room.

    Raises LoginNeeded, NotFound, Forbidden, Conflict.
    """
    me = member_id(viewer)
    if on not in TARGETS:
        raise NotFound
    group_id = groups.group_for(viewer, slug).id if slug and on == PERSON else None
    with transaction() as session:
        on_site = on == PERSON and group_id is None
        if on == PERSON and role_ranks.rank_of(session, me, group_id) < role_ranks.FACILITATOR:
            raise Forbidden(_("Only moderators can do that."), code="not_yours")
        target = targets.lock(
            session,
            viewer,
            on,
            target_id,
            group_id,
            person_id,
            has_left=on == PERSON and targets.was_here(session, target_id, group_id),
            emptied=on == POST,
        )
        rank = role_ranks.rank_of(session, me, target.group_id)
        actions = {
            name: action
            for name, action in ACTIONS.items()
            if action.on == on
            and not action.by_itself
            and rank >= action.least
            and (on != PERSON or action.on_site == on_site)
        }
        if not actions:
            raise Forbidden(_("Only the group's moderators can do that."), code="not_yours")
        fitting = [
            name
            for name, action in actions.items()
            if (action.on_deleted or not target.is_deleted) and action.fits(session, target)
        ]
        second = _needing_second(session, actions, target, me, rank)
        home = session.scalar(select(Group.slug).where(Group.id == target.group_id)) or ""
        called = _name(session, target)
        about = _handle(session, target.person_id)
    back = TARGETS[on][1].format(public_ids.of(target_id) if on == PERSON else target_id)
    return Offer(
        on=on,
        id=target_id,
        group_id=group_id,
        group_slug=slug,
        person_id=person_id,
        back=back,
        name=called,
        actions=actions,
        fitting=fitting,
        second=second,
        home_slug=home,
        about_id=target.person_id,
        about=about,
    )


def offers_about(viewer: Viewer, account_id: int) -> list[tuple[str, Offer]]:
    """Return what the viewer may do about somebody, with each group's name and, last, the site."""
    me = viewer.sql_id()
    shared = (
        select(Group.slug, Group.name)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == account_id, group_policy.moderates(me))
        .order_by(Group.name)
    )
    places = [tuple(row) for row in current_session().execute(shared.limit(at_most(PLACES_MAX)))]
    if viewer.is_administrator:
        places.append(("", _("The whole site")))
    found = []
    for slug, name in places:
        with suppress(Refusal):
            found.append((name, offer(viewer, PERSON, account_id, slug)))
    return found


def _needing_second(
    session: Session, actions: dict[str, Action], target: Target, me: int, rank: int
) -> dict[str, bool]:
    """Return which actions need a second person, and whether there is anybody who could be that."""
    standing = role_ranks.standing_of(session, target.person_id, target.group_id)
    own = target.person_id == me
    return {
        name: _has_approver(session, name, target.group_id, me, target.person_id)
        for name, action in actions.items()
        if policy.decide(action, rank, standing, own=own) == policy.WITH_SECOND
    }


def _name(session: Session, target: Target) -> str:
    if target.thread is not None:
        return f"“{target.thread.title}”"
    handle = _handle(session, target.person_id)
    if target.kind in {PERSON, ROOM}:
        return handle
    if target.kind == POST:
        return _("a post by %(name)s", name=handle)
    return _("a message in a room by %(name)s", name=handle)


def _handle(session: Session, account_id: int | None) -> str:
    handle = session.scalar(select(Account.handle).where(Account.id == account_id))
    return handle or _("a former member")


def _has_approver(
    session: Session, name: str, group_id: int | None, first_id: int, person_id: int | None
) -> bool:
    """Whether there is anybody who may confirm what this person would do to the other here."""
    group = literal(group_id, Integer)
    others = (
        select(Account.id)
        .outerjoin(Group, Group.id == group)
        .where(
            Account.id.in_(group_policy.moderating_accounts(group)),
            Account.id.not_in([one for one in (first_id, person_id) if one is not None]),
            policy.may_perform(Account.id, Group.id, literal(name, String)),
            accounts.is_active(Account.id),
        )
    )
    found = session.scalars(others).all()
    return any(
        conflicts_of_interest.is_independent(session, first_id, one, group_id) for one in found
    )
