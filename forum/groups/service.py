"""Every write to groups, memberships, requests and invitations.

Each verb locks its group first and reads the facts afterwards: two people who act at once take
turns, and `member_count` is right in every committed state.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Unpack

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id, person_id
from forum.core import clock, ids, text
from forum.core.db import savepoint, transaction
from forum.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.groups import fields, policy, queries
from forum.groups.events import GroupCreated, JoinRequestAnswered, JoinRequested
from forum.groups.fields import Details
from forum.groups.membership import memberships, removals, roles
from forum.groups.models import MEMBER, MODERATOR, Group, Invitation, JoinRequest, Membership
from forum.groups.queries import GroupView


def create_group(
    by: Viewer | None, *, slug: str, at: datetime | None = None, **details: Unpack[Details]
) -> int:
    """Found a group and return its id; `by`, if not the operator (None), becomes its moderator.

    Raises Forbidden for anyone but an administrator, and Invalid.
    """
    if by is not None:
        policy.require_founder(by)
    clean = fields.cleaned({"name": "", **details, "slug": slug})
    fields.agree(clean.get("visibility", ""), clean.get("readable_by_all", False))
    with transaction() as session:
        group = Group(**clean, created_at=at or clock.now())
        try:
            with savepoint():
                session.add(group)
                session.flush()
        except IntegrityError as taken:
            raise Invalid(
                fields={"slug": _("Another group has this address. Choose a different one.")}
            ) from taken
        founder = by.id if by else None
        announce(GroupCreated(group.id, founder, group.created_at))
        if founder is not None:
            memberships.add_member(session, group.id, founder, MODERATOR, at)
        return group.id


def edit_group(
    viewer: Viewer, group_id: int, *, shown: str | None = None, **details: Unpack[Details]
) -> None:
    """Change what a group says about itself, and, for moderators, who may enter and read.

    `shown` is the version of the settings that were changed. Raises Forbidden, EditConflict
    and Invalid.
    """
    with transaction() as session:
        group = _moderated(session, viewer, group_id)
        fields.require_same(group, shown, details)
        clean = fields.cleaned(details)
        changed = {name for name, value in clean.items() if getattr(group, name) != value}
        if changed & fields.WIDE_REACHING and not group.is_moderator:
            raise Forbidden(_("Only a moderator can change who can join and read."))
        fields.agree(
            clean.get("visibility", group.visibility),
            clean.get("readable_by_all", group.readable_by_all),
        )
        if changed:
            values = {name: clean[name] for name in changed}
            session.execute(update(Group).where(Group.id == group_id).values(values))


def join(viewer: Viewer, group_id: int, *, at: datetime | None = None) -> None:
    """Become a member; harmless for a member.

    Raises Forbidden for a group that accepts its members one by one.
    """
    account_id = member_id(viewer)
    with transaction() as session:
        group = _locked(session, viewer, group_id)
        if not group.lets_in_at_once:
            raise Forbidden(_("Moderators approve each new member here. You can ask to join."))
        removals.require_not_removed(session, group_id, account_id)
        memberships.add_member(session, group_id, account_id, MEMBER, at)


def ask_to_join(
    viewer: Viewer,
    group_id: int,
    words: str = "",
    *,
    has_been_used_here: Callable[[str], bool] = lambda _: False,
) -> bool:
    """Ask to be let in, or join at once where nobody needs to ask; return whether one is in.

    Asking again replaces the words. Raises Invalid for more than 500 characters of them.
    """
    account_id = member_id(viewer)
    words = text.checked(words, "words", most=fields.JOIN_MESSAGE_MAX, name=_("Your message"))
    roles.carry_removal_over(group_id, account_id, has_been_used_here)
    with transaction() as session:
        group = _locked(session, viewer, group_id)
        removals.require_not_removed(session, group_id, account_id)
        if group.lets_in_at_once:
            memberships.add_member(session, group_id, account_id, MEMBER, None)
            return True
        if group.has_asked:
            session.execute(
                update(JoinRequest)
                .where(*memberships.request_key(group_id, account_id))
                .values(message=words)
            )
            return False
        asked = JoinRequest(
            account_id=account_id, group_id=group_id, message=words, created_at=clock.now()
        )
        session.add(asked)
        announce(JoinRequested(group_id, account_id, asked.created_at))
        return False


def accept_request(viewer: Viewer, group_id: int, account_id: int) -> None:
    """Let somebody in who asked. Raises Conflict when the request is no longer there."""
    with transaction() as session:
        _moderated(session, viewer, group_id)
        if memberships.delete_request(session, group_id, account_id):
            memberships.add_member(session, group_id, account_id, MEMBER, None)
            announce(JoinRequestAnswered(group_id, account_id, accepted=True, at=clock.now()))
        elif memberships.role_of(session, group_id, account_id) is None:
            raise Conflict(_("This request has since been answered or withdrawn."))


def decline_request(viewer: Viewer, group_id: int, account_id: int) -> None:
    """Turn down a join request; harmless when the request is no longer there."""
    with transaction() as session:
        _moderated(session, viewer, group_id)
        if memberships.delete_request(session, group_id, account_id):
            announce(JoinRequestAnswered(group_id, account_id, accepted=False, at=clock.now()))


def leave(viewer: Viewer, group_id: int) -> bool:
    """Stop being a member, or take back one's request; return whether nobody leads it now.

    Harmless for others who may know of the group. Someone who is suspended may leave, too.
    """
    account_id = person_id(viewer)
    with transaction() as session:
        memberships.lock(session, group_id)
        asked = memberships.delete_request(session, group_id, account_id)
        role = memberships.role_of(session, group_id, account_id)
        if role is None:
            if not asked:
                queries.group_by_id(viewer, group_id)
            return False
        memberships.remove_member(session, group_id, account_id)
        return role in policy.MODERATING_ROLES and not queries.count_active(
            group_id, policy.MODERATING_ROLES
        )


def invite(viewer: Viewer, group_id: int, *, uses: int = 1, days: int = 14) -> str:
    """Make an invitation for 1 to 100 people and 1 to 90 days; return its token, kept nowhere.

    Raises Forbidden and Invalid.
    """
    with transaction() as session:
        _moderated(session, viewer, group_id)
        token, now = ids.token(), clock.now()
        session.add(
            Invitation(
                group_id=group_id,
                made_by_id=viewer.id,
                digest=ids.digest(token),
                uses_left=fields.number(uses, "uses", fields.USES_MAX),
                created_at=now,
                expires_at=now + timedelta(days=fields.number(days, "days", fields.DAYS_MAX)),
            )
        )
        return token


def withdraw_invitation(viewer: Viewer, group_id: int, invitation_id: int) -> None:
    """Make an invitation of this group useless. Raises Forbidden, and NotFound for any other."""
    with transaction() as session:
        _moderated(session, viewer, group_id)
        gone = delete(Invitation).where(
            Invitation.id == invitation_id, Invitation.group_id == group_id
        )
        if session.execute(gone.returning(Invitation.id)).first() is None:
            raise NotFound


def join_by_invitation(
    viewer: Viewer, token: str, *, has_been_used_here: Callable[[str], bool] = lambda _: False
) -> int:
    """Become a member through a link, and return the group's id; harmless for a member.

    Raises NotFound or Gone as `queries.invited_to` does.
    """
    account_id = member_id(viewer)
    group_id = queries.invited_to(viewer, token).id
    roles.carry_removal_over(group_id, account_id, has_been_used_here)
    with transaction() as session:
        group_id = queries.invited_to(viewer, token).id
        memberships.lock(session, group_id)
        if memberships.role_of(session, group_id, account_id) is not None:
            return group_id
        removals.require_not_removed(session, group_id, account_id)
        used = session.scalar(
            update(Invitation)
            .where(
                Invitation.digest == ids.digest(token),
                Invitation.uses_left > 0,
                Invitation.expires_at > clock.now(),
            )
            .values(uses_left=Invitation.uses_left - 1)
            .returning(Invitation.id)
        )
        if used is None:
            raise Gone(
                _(
                    "This invitation has just been used up. "
                    "Ask the person who sent it for a new one."
                )
            )
        memberships.add_member(session, group_id, account_id, MEMBER, None, invitation_id=used)
        return group_id


def set_role(
    _by: None, group_id: int, account_id: int, role: str, *, at: datetime | None = None
) -> None:
    """Give a role as the operator (None), also to somebody from outside, removed or not.

    What people do to each other's roles is a moderation action. Raises NotFound and Invalid.
    """
    if role not in policy.RANK:
        raise Invalid(fields={"role": _("Choose one of the options.")})
    with transaction() as session:
        memberships.lock(session, group_id)
        memberships.add_member(session, group_id, account_id, MEMBER, at)
        wanted = roles.RoleState(role)
        if roles.role_state_of(session, group_id, account_id) != wanted:
            roles.set_role_state(session, group_id, account_id, wanted, None)


def erase(account_id: int) -> None:
    """Take a person who erases their account out of every group, request and invitation."""
    with transaction() as session:
        hers = select(Membership.group_id).where(Membership.account_id == account_id)
        for group_id in session.scalars(hers.order_by(Membership.group_id)).all():
            memberships.lock(session, group_id)
            memberships.remove_member(session, group_id, account_id)
        asked = select(JoinRequest.group_id).where(JoinRequest.account_id == account_id)
        for group_id in session.scalars(asked.order_by(JoinRequest.group_id)).all():
            memberships.delete_request(session, group_id, account_id)
        session.execute(delete(Invitation).where(Invitation.made_by_id == account_id))


def _locked(session: Session, viewer: Viewer, group_id: int) -> GroupView:
    memberships.lock(session, group_id)
    return queries.group_by_id(viewer, group_id)


def _moderated(session: Session, viewer: Viewer, group_id: int) -> GroupView:
    member_id(viewer)
    group = _locked(session, viewer, group_id)
    if not group.moderates:
        raise Forbidden(_("This is for moderators of the group."))
    return group
