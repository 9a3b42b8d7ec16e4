"""What is held about one person, table by table, in their own words and nobody else's."""

from sqlalchemy import func, select

from forum.accounts.models import (
    BLOCKED_BY,
    Account,
    AccountRelationship,
    ContentNotePreference,
    LoginSession,
    PasswordReset,
    RecoveryCode,
    SecurityEvent,
    SuspendedIdentity,
)
from forum.core.translation import lazy
from forum.groups.models import (
    Group,
    GroupRemoval,
    Invitation,
    JoinRequest,
    Membership,
    RemovedIdentity,
)
from forum.privacy.data_category import DataCategory, Rows
from forum.privacy.meeting_data import MEETING_DATA
from forum.privacy.message_data import MESSAGE_DATA
from forum.privacy.moderation_data import MODERATION_DATA
from forum.privacy.notification_data import NOTIFICATION_DATA
from forum.privacy.research_data import RESEARCH_DATA
from forum.privacy.thread_data import THREAD_DATA

# Columns that name an account and are not in its download, and why. Crisis alerts, which
# name a post, are not in it either: moderators alone see them; see docs/safety.md.
LEFT_OUT = {
    "pending_actions.person_id": "what is only proposed has not been done to anybody",
    "pending_actions.decided_by_id": "its outcome is among the actions",
    "appeals.answered_by_id": "the answer is in the download of the person who appealed",
    "private_notes.about_id": "answers in private notes are their authors' words",
    "account_relationships.other_id": "it is private whom others mute or block",
    "queue_items.about_id": "it would tell who has reported somebody",
    "queue_items.claimed_by_id": "what somebody did in the queue is listed step by step",
    "queue_items.resolved_by_id": "what somebody did in the queue is listed step by step",
    "retired_handles.account_id": "a digest of an earlier handle, which nobody can read",
    "imported_names.account_id": "a digest of a name from elsewhere, which nobody can read",
    "notifications.actor_id": "notifications of others; the actions themselves are in the download",
}


def _account(me: int) -> Rows:
    codes = select(func.count()).where(RecoveryCode.account_id == me).scalar_subquery()
    return select(
        Account.public_id.label("id"),
        Account.handle,
        Account.email,
        Account.role,
        Account.about,
        Account.language,
        Account.invisible,
        Account.created_at,
        Account.suspended_until,
        Account.suspension_reason,
        codes.label("recovery_codes_left"),
    ).where(Account.id == me)


def _sessions(me: int) -> Rows:
    return select(
        LoginSession.device, LoginSession.created_at, LoginSession.seen_at, LoginSession.ended_at
    ).where(LoginSession.account_id == me)


def _suspension(me: int) -> Rows:
    return select(SuspendedIdentity.until).where(SuspendedIdentity.account_id == me)


def _security(me: int) -> Rows:
    return select(
        SecurityEvent.kind, SecurityEvent.device, SecurityEvent.count, SecurityEvent.at
    ).where(SecurityEvent.account_id == me)


def _resets(me: int) -> Rows:
    return select(PasswordReset.expires_at).where(PasswordReset.account_id == me)


def _mutes_and_blocks(me: int) -> Rows:
    return (
        select(AccountRelationship.kind, Account.handle, AccountRelationship.created_at)
        .join(Account, Account.id == AccountRelationship.other_id)
        .where(AccountRelationship.viewer_id == me, AccountRelationship.kind != BLOCKED_BY)
    )


def _memberships(me: int) -> Rows:
    return (
        select(
            Group.slug, Group.name, Membership.role, Membership.role_given_at, Membership.joined_at
        )
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.account_id == me)
    )


def _requests(me: int) -> Rows:
    return (
        select(Group.slug, JoinRequest.message, JoinRequest.created_at)
        .join(Group, Group.id == JoinRequest.group_id)
        .where(JoinRequest.account_id == me)
    )


def _removals(me: int) -> Rows:
    return (
        select(Group.slug, Group.name, GroupRemoval.removed_at)
        .join(Group, Group.id == GroupRemoval.group_id)
        .where(GroupRemoval.account_id == me)
    )


def _removed_identities(me: int) -> Rows:
    return (
        select(Group.slug, RemovedIdentity.until)
        .join(Group, Group.id == RemovedIdentity.group_id)
        .where(RemovedIdentity.account_id == me)
    )


def _invitations(me: int) -> Rows:
    return (
        select(Group.slug, Invitation.uses_left, Invitation.created_at, Invitation.expires_at)
        .join(Group, Group.id == Invitation.group_id)
        .where(Invitation.made_by_id == me)
    )


def _content_notes(me: int) -> Rows:
    return select(ContentNotePreference.topic, ContentNotePreference.display).where(
        ContentNotePreference.account_id == me
    )


PERSONAL_DATA = (
    DataCategory(
        "account", lazy("Your account and profile"), ("recovery_codes.account_id",), _account
    ),
    *THREAD_DATA,
    DataCategory("memberships", lazy("Your groups"), ("memberships.account_id",), _memberships),
    DataCategory(
        "requests", lazy("Groups you asked to join"), ("join_requests.account_id",), _requests
    ),
    DataCategory(
        "group_removals",
        lazy("Groups you were removed from"),
        ("group_removals.account_id",),
        _removals,
    ),
    DataCategory(
        "removed_identities",
        lazy(
            "How long we keep a scrambled mark of your account because you were removed from a "
            "group"
        ),
        ("removed_identities.account_id",),
        _removed_identities,
    ),
    DataCategory(
        "invitations", lazy("Invitations you created"), ("invitations.made_by_id",), _invitations
    ),
    DataCategory(
        "muted_and_blocked",
        lazy("People you muted or blocked"),
        ("account_relationships.viewer_id",),
        _mutes_and_blocks,
    ),
    *MEETING_DATA,
    *MESSAGE_DATA,
    *NOTIFICATION_DATA,
    DataCategory(
        "content_notes",
        lazy("Your choices for content notes, by topic"),
        ("content_note_preferences.account_id",),
        _content_notes,
    ),
    *MODERATION_DATA,
    *RESEARCH_DATA,
    DataCategory(
        "suspended_identities",
        lazy(
            "How long we keep scrambled marks of your username and email address because your "
            "account is suspended"
        ),
        ("suspended_identities.account_id",),
        _suspension,
    ),
    DataCategory(
        "sessions", lazy("Where you've been logged in"), ("login_sessions.account_id",), _sessions
    ),
    DataCategory(
        "security",
        lazy("Logins, refused logins and changes to what protects your account"),
        ("account_security_events.account_id",),
        _security,
    ),
    DataCategory(
        "password_resets",
        lazy("Links for a new password that still work"),
        ("password_resets.account_id",),
        _resets,
    ),
)
