"""What is held about one person, table by table, in their own words and nobody else's."""

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, or_, select

from forum.accounts.models import (
    BLOCKED_BY,
    Account,
    LoginSession,
    PasswordReset,
    RecoveryCode,
    SecurityEvent,
    Separation,
    SuspensionMark,
    ThemeChoice,
)
from forum.groups import policy as groups
from forum.groups.models import Group, Invitation, JoinRequest, Membership, Removal
from forum.notifications.models import Notification
from forum.privacy.meeting_data import OF_MEETINGS
from forum.privacy.moderation_data import OF_CARE
from forum.privacy.personal_data_part import Holding, Rows
from forum.privacy.research_data import OF_RESEARCH
from forum.threads import policy as threads
from forum.threads.models import (
    Bookmark,
    Draft,
    Mention,
    Post,
    PostRevision,
    Reaction,
    ReadPosition,
    ReadRange,
    Thread,
)

# Columns that name an account and are not in that account's download, and why. Risk flags, which
# name a post, are not in it either: moderators alone see them; see docs/safety.md.
LEFT_OUT = {
    "moderation_proposals.person_id": "what is only proposed has not been done to anybody",
    "moderation_proposals.answered_by_id": "what came of it is among the acts",
    "moderation_objections.answered_by_id": "the answer is in the download of who objected",
    "private_notes.about_id": "answers on the private line are their authors' words",
    "separations.other_id": "whom others mute or block is theirs to know",
    "queue_entries.about_id": "it would tell who has reported somebody",
    "queue_entries.claimed_by_id": "what somebody did in the queue is listed step by step",
    "queue_entries.resolved_by_id": "what somebody did in the queue is listed step by step",
    "retired_handles.account_id": "a digest of an earlier handle, which nobody can read",
    "imported_names.account_id": "a digest of a name from elsewhere, which nobody can read",
    "notifications.actor_id": "what others were told; the acts themselves are in the download",
}


def _account(me: int) -> Rows:
    codes = select(func.count()).where(RecoveryCode.account_id == me).scalar_subquery()
    return select(
        Account.public_id.label("id"), Account.handle, Account.email, Account.role,
        Account.about, Account.invisible, Account.created_at,
        Account.suspended_until, Account.suspended_because,
        codes.label("recovery_codes_left"),
    ).where(Account.id == me)  # fmt: skip


def _sessions(me: int) -> Rows:
    return select(
        LoginSession.device, LoginSession.created_at, LoginSession.seen_at, LoginSession.ended_at
    ).where(LoginSession.account_id == me)


def _suspension(me: int) -> Rows:
    return select(SuspensionMark.until).where(SuspensionMark.account_id == me)


def _security(me: int) -> Rows:
    return select(
        SecurityEvent.kind, SecurityEvent.device, SecurityEvent.count, SecurityEvent.at
    ).where(SecurityEvent.account_id == me)


def _resets(me: int) -> Rows:
    return select(PasswordReset.expires_at).where(PasswordReset.account_id == me)


def _separations(me: int) -> Rows:
    return (
        select(Separation.kind, Account.handle, Separation.created_at)
        .join(Account, Account.id == Separation.other_id)
        .where(Separation.viewer_id == me, Separation.kind != BLOCKED_BY)
    )


def _memberships(me: int) -> Rows:
    return (
        select(Group.slug, Group.name, Membership.role, Membership.role_since, Membership.joined_at)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.account_id == me)
    )


def _requests(me: int) -> Rows:
    return (
        select(Group.slug, JoinRequest.words, JoinRequest.created_at)
        .join(Group, Group.id == JoinRequest.group_id)
        .where(JoinRequest.account_id == me)
    )


def _removals(me: int) -> Rows:
    return (
        select(Group.slug, Group.name, Removal.at)
        .join(Group, Group.id == Removal.group_id)
        .where(Removal.account_id == me)
    )


def _invitations(me: int) -> Rows:
    return (
        select(Group.slug, Invitation.uses_left, Invitation.created_at, Invitation.expires_at)
        .join(Group, Group.id == Invitation.group_id)
        .where(Invitation.made_by_id == me)
    )


def _group(me: int) -> ColumnElement[str]:
    """The group's address, unless what somebody wrote was moved where they may not know of it."""
    known = groups.visible_to(literal(me, Integer))
    return case((known, Group.slug), else_="").label("group")


def _title(me: int) -> ColumnElement[str]:
    """The title over somebody's post, where they began the thread or may read it."""
    known = or_(Thread.author_id == me, groups.readable_by(literal(me, Integer)))
    shown = or_(Thread.author_id == me, and_(known, Thread.title_hidden.is_(False)))
    return case((shown, Thread.title), else_="").label("thread_title")


def _threads(me: int) -> Rows:
    return (
        select(Thread.id, _group(me), Thread.title, Thread.created_at)
        .join(Group, Group.id == Thread.group_id)
        .where(Thread.author_id == me)
        .order_by(Thread.id)
    )


def _posts(me: int) -> Rows:
    return (
        select(
            Post.id, Post.thread_id, _title(me), _group(me),
            Post.number, Post.body, Post.html, Post.content_note, Post.created_at, Post.edited_at,
            Post.state, Post.state_since,
        )
        .join(Thread, Thread.id == Post.thread_id)
        .join(Group, Group.id == Thread.group_id)
        .where(Post.author_id == me)
        .order_by(Post.id)
    )  # fmt: skip


def _revisions(me: int) -> Rows:
    # Why a moderator did something is in the moderator's words.
    reason = case((PostRevision.by_id == me, PostRevision.reason), else_="").label("reason")
    return (
        select(PostRevision.post_id, PostRevision.action, PostRevision.body,
               PostRevision.content_note, reason, PostRevision.created_at)
        .join(Post, Post.id == PostRevision.post_id)
        .where(Post.author_id == me)
        .order_by(PostRevision.id)
    )  # fmt: skip


def _acts(me: int) -> Rows:
    return (
        select(
            PostRevision.post_id, PostRevision.action, PostRevision.reason, PostRevision.created_at
        )
        .join(Post, Post.id == PostRevision.post_id)
        .where(PostRevision.by_id == me, Post.author_id.is_distinct_from(me))
        .order_by(PostRevision.id)
    )


def _mentions(me: int) -> Rows:
    # That somebody is spoken of where they may not read is not theirs to know.
    return (
        select(Mention.post_id, Mention.name)
        .join(Post, Post.id == Mention.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Group, Group.id == Thread.group_id)
        .where(Mention.account_id == me, threads.visible_to(literal(me, Integer)))
    )


def _reactions(me: int) -> Rows:
    return select(Reaction.post_id, Reaction.kind, Reaction.created_at).where(
        Reaction.account_id == me
    )


def _read_positions(me: int) -> Rows:
    return select(ReadPosition.thread_id, ReadPosition.number, ReadPosition.following).where(
        ReadPosition.account_id == me
    )


def _read_ranges(me: int) -> Rows:
    return select(ReadRange.thread_id, ReadRange.first, ReadRange.last).where(
        ReadRange.account_id == me
    )


def _bookmarks(me: int) -> Rows:
    return select(Bookmark.post_id, Bookmark.created_at).where(Bookmark.account_id == me)


def _drafts(me: int) -> Rows:
    return select(
        Draft.group_id, Draft.thread_id, Draft.title, Draft.body, Draft.content_note, Draft.saved_at
    ).where(Draft.account_id == me)


def _notifications(me: int) -> Rows:
    return (
        select(Notification.kind, Notification.post_id, Notification.about_id,
               Notification.created_at, Notification.read_at)
        .where(Notification.account_id == me)
        .order_by(Notification.id)
    )  # fmt: skip


def _themes(me: int) -> Rows:
    return select(ThemeChoice.theme, ThemeChoice.choice).where(ThemeChoice.account_id == me)


HOLDINGS = (
    Holding("account", "Your account and profile.", ("recovery_codes.account_id",), _account),
    Holding("posts", "Every post of yours, hidden ones too.", ("posts.author_id",), _posts),
    Holding("threads", "Threads that you started.", ("threads.author_id",), _threads),
    Holding("revisions", "How your posts were before each change.", (), _revisions),
    Holding("drafts", "What you wrote and did not send.", ("drafts.account_id",), _drafts),
    Holding("reactions", "Your reactions.", ("reactions.account_id",), _reactions),
    Holding("bookmarks", "Posts that you bookmarked.", ("bookmarks.account_id",), _bookmarks),
    Holding("reading", "How far you read each thread, and which you follow.",
            ("read_positions.account_id",), _read_positions),
    Holding("reading_beyond", "Posts that you read further on in a thread, by number.",
            ("read_ranges.account_id",), _read_ranges),
    Holding("memberships", "Your groups.", ("memberships.account_id",), _memberships),
    Holding("requests", "Groups that you asked to join.", ("join_requests.account_id",),
            _requests),
    Holding("removals", "Groups that you were removed from.", ("removals.account_id",),
            _removals),
    Holding("invitations", "Invitations that you made.", ("invitations.made_by_id",),
            _invitations),
    Holding("muted_and_blocked", "People you chose to mute or block.", ("separations.viewer_id",),
            _separations),
    Holding("mentions", "Posts that name you, where you may read them.",
            ("mentions.account_id",), _mentions),
    *OF_MEETINGS,
    Holding("notifications", "What you were told.", ("notifications.account_id",),
            _notifications),
    Holding("content_notes", "What you want of content notes, by theme.",
            ("theme_choices.account_id",), _themes),
    Holding("acts", "What you did to other people's posts when looking after a group.",
            ("post_revisions.by_id",), _acts),
    *OF_CARE,
    *OF_RESEARCH,
    Holding("suspension_marks", "Until when keyed hashes of your handle and e-mail address are "
            "kept, because your account is suspended.", ("suspension_marks.account_id",),
            _suspension),
    Holding("sessions", "Where you were logged in.", ("login_sessions.account_id",), _sessions),
    Holding("security", "Logins, refused ones, and changes of what protects your account.",
            ("account_security_events.account_id",), _security),
    Holding("password_resets", "Links for a new password that still work.",
            ("password_resets.account_id",), _resets),
)  # fmt: skip
