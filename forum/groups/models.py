"""Tables: groups, memberships, requests to join, invitations."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base

OPEN, APPROVAL, HIDDEN = "open", "approval", "hidden"
PEER, PROFESSIONAL = "peer", "professional"
MEMBER, FACILITATOR, MODERATOR = "member", "facilitator", "moderator"


class Group(Base):
    """People who share a problem."""

    __tablename__ = "groups"
    __table_args__ = (
        CheckConstraint("visibility in ('open', 'approval', 'hidden')", name="visibility"),
        CheckConstraint("leader_kind in ('peer', 'professional')", name="leader_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    topic: Mapped[str] = mapped_column(String(60), default="")
    description: Mapped[str] = mapped_column(default="")
    guidelines: Mapped[str] = mapped_column(default="")
    welcome: Mapped[str] = mapped_column(default="")
    leader_kind: Mapped[str] = mapped_column(String(12), default=PEER)
    visibility: Mapped[str] = mapped_column(String(12), default=OPEN)
    readable_by_all: Mapped[bool] = mapped_column(default=False)
    premoderate_first_posts: Mapped[bool] = mapped_column(default=False)
    private_messages: Mapped[bool] = mapped_column(default=True, server_default=true())
    messages_with_moderators: Mapped[bool] = mapped_column(default=False, server_default=false())
    member_count: Mapped[int] = mapped_column(default=0)
    thread_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Membership(Base):
    """Somebody's place in a group.

    `role_given_at` is when they were given their role, and `role_granted_by` the ids of the people
    without whom they would not have it; see `roles`. A role from the operator, or from before this
    was kept, has neither. `invitation_id` is the link that they came by. What others have written
    from `new_since` on is new to them: from when they joined here, also where an import says that
    they joined elsewhere long ago.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role in ('member', 'facilitator', 'moderator')", name="role"),
        Index("ix_memberships_group_id", "group_id"),
    )

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(12), default=MEMBER)
    role_given_at: Mapped[datetime | None]
    role_granted_by: Mapped[list[int]] = mapped_column(JSON, default=list)
    invitation_id: Mapped[int | None]
    joined_at: Mapped[datetime]
    new_since: Mapped[datetime]
    silenced_until: Mapped[datetime | None]
    silence_reason: Mapped[str] = mapped_column(default="")


class GroupRemoval(Base):
    """Somebody was removed from a group, and is not let back yet."""

    __tablename__ = "group_removals"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    removed_at: Mapped[datetime]
    recognised: Mapped[bool] = mapped_column(default=False, server_default=false())


class RemovedIdentity(Base):
    """What tells again, in a browser that they used, who was removed from a group.

    A keyed digest alone, for as long as the removal lasts; see `removed_identities`.
    """

    __tablename__ = "removed_identities"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    person_digest: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]


class JoinRequest(Base):
    """Someone who asked to join a group that approves its members."""

    __tablename__ = "join_requests"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True
    )
    message: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class Invitation(Base):
    """A link that lets people in; the link itself is known only to the people who have it."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    uses_left: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
