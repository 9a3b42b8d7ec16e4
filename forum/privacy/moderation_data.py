"""What is held about one person's part in keeping a group safe, on either side."""

from sqlalchemy import ColumnElement, String, case, cast, null, or_, select

from forum.accounts.models import Account
from forum.core.translation import lazy
from forum.groups.membership import hidden_content_access
from forum.groups.models import Group
from forum.moderation.actions import log_entries
from forum.moderation.actions.targets import PERSON
from forum.moderation.crisis_calls.models import CrisisAcknowledgement
from forum.moderation.models import AccessLogEntry, Appeal, AuditLogEntry, PendingAction
from forum.moderation.on_call.models import DistressExposure, OnCallBreak, Shift
from forum.moderation.queue_items.models import QueueTransition
from forum.moderation.reports.models import Report
from forum.privacy.data_category import DataCategory, Rows
from forum.safety.models import CareMessage
from forum.threads.models import PendingEdit, Post, PostReview


def _care_messages(me: int) -> Rows:
    # The other side's words are theirs.
    return (
        select(
            CareMessage.id,
            Group.slug.label("group"),
            CareMessage.post_id,
            CareMessage.created_at,
            case((CareMessage.author_id == me, CareMessage.body), else_="").label("body"),
            CareMessage.read_at,
            case((CareMessage.account_id == me, CareMessage.answer), else_="").label("answer"),
            CareMessage.answered_at,
            CareMessage.closed_at,
        )
        .join(Group, Group.id == CareMessage.group_id)
        .where(or_(CareMessage.account_id == me, CareMessage.author_id == me))
        .order_by(CareMessage.id)
    )


def _reports(me: int) -> Rows:
    return (
        select(Report.id, Report.reason, Report.details, Report.created_at, Report.answered_at)
        .where(Report.reporter_id == me)
        .order_by(Report.id)
    )


def _queue_steps(me: int) -> Rows:
    return (
        select(
            QueueTransition.item_id,
            QueueTransition.transition,
            QueueTransition.note,
            QueueTransition.at,
        )
        .where(QueueTransition.by_id == me)
        .order_by(QueueTransition.id)
    )


def _shifts(me: int) -> Rows:
    return select(Shift.group_id, Shift.starts_at, Shift.ends_at, Shift.note).where(
        Shift.account_id == me
    )


def _acknowledgements(me: int) -> Rows:
    return select(
        CrisisAcknowledgement.item_id, CrisisAcknowledgement.at, CrisisAcknowledgement.ended_at
    ).where(CrisisAcknowledgement.account_id == me)


def _exposures(me: int) -> Rows:
    return select(DistressExposure.item_id, DistressExposure.at).where(
        DistressExposure.account_id == me
    )


def _target(table: type[AuditLogEntry] | type[PendingAction]) -> ColumnElement[str]:
    """What an action is about, as addresses name it: people have no number there."""
    person = select(Account.public_id).where(Account.id == table.target_id).scalar_subquery()
    number = cast(table.target_id, String)
    return case((table.target_kind == PERSON, person), else_=number).label("target_id")


def _moderated(me: int) -> Rows:
    return (
        select(
            AuditLogEntry.id,
            AuditLogEntry.action,
            AuditLogEntry.target_kind,
            _target(AuditLogEntry),
            AuditLogEntry.at,
            AuditLogEntry.reason,
            AuditLogEntry.message,
        )
        .where(
            AuditLogEntry.person_id == me, AuditLogEntry.action.not_in(log_entries.NOT_FOR_PERSON)
        )
        .order_by(AuditLogEntry.id)
    )


def _moderating(me: int) -> Rows:
    return (
        select(
            AuditLogEntry.id,
            AuditLogEntry.action,
            AuditLogEntry.target_kind,
            _target(AuditLogEntry),
            AuditLogEntry.at,
            AuditLogEntry.reason,
            AuditLogEntry.message,
        )
        .where(or_(AuditLogEntry.by_id == me, AuditLogEntry.approver_id == me))
        .order_by(AuditLogEntry.id)
    )


def _content_access(me: int) -> Rows:
    # For access to their own words, people see when it was and not whose.
    return (
        select(
            AccessLogEntry.target_kind,
            # Numbers of private messages would count those of everybody.
            case(
                (AccessLogEntry.target_kind == hidden_content_access.IN_PRIVATE, null()),
                else_=AccessLogEntry.target_id,
            ).label("target_id"),
            AccessLogEntry.reason,
            AccessLogEntry.at,
            (AccessLogEntry.by_id.is_not_distinct_from(me)).label("yours"),
        )
        .where(or_(AccessLogEntry.by_id == me, AccessLogEntry.person_id == me))
        .order_by(AccessLogEntry.id)
    )


def _breaks(me: int) -> Rows:
    return select(OnCallBreak.until).where(OnCallBreak.account_id == me)


def _pending_actions(me: int) -> Rows:
    return select(
        PendingAction.action,
        PendingAction.target_kind,
        _target(PendingAction),
        PendingAction.reason,
        PendingAction.message,
        PendingAction.created_at,
    ).where(PendingAction.by_id == me)


def _appeals(me: int) -> Rows:
    return select(
        Appeal.log_entry_id,
        Appeal.statement,
        Appeal.created_at,
        Appeal.overturned,
        Appeal.answer,
    ).where(Appeal.person_id == me)


def _approvals(me: int) -> Rows:
    return (
        select(
            PostReview.post_id,
            PostReview.pending_since,
            PostReview.decided_at,
            PostReview.outcome,
            PostReview.reason,
        )
        .join(Post, Post.id == PostReview.post_id)
        .where(or_(Post.author_id == me, PostReview.decided_by_id == me))
        .order_by(PostReview.post_id)
    )


def _pending_edits(me: int) -> Rows:
    return (
        select(
            PendingEdit.post_id,
            PendingEdit.body,
            PendingEdit.content_note,
            PendingEdit.created_at,
            PendingEdit.declined_at,
            PendingEdit.declined_because,
        )
        .join(Post, Post.id == PendingEdit.post_id)
        .where(Post.author_id == me)
        .order_by(PendingEdit.post_id)
    )


MODERATION_DATA = (
    DataCategory(
        "care_messages",
        lazy("Care messages you wrote or replied to"),
        ("care_messages.account_id", "care_messages.author_id"),
        _care_messages,
    ),
    DataCategory("reports", lazy("What you reported"), ("reports.reporter_id",), _reports),
    DataCategory(
        "queue",
        lazy("What you did with items in the moderation queue"),
        ("queue_transitions.by_id",),
        _queue_steps,
    ),
    DataCategory(
        "approvals",
        lazy("Posts that waited for approval: your own, and those you decided on"),
        ("post_reviews.decided_by_id",),
        _approvals,
    ),
    DataCategory(
        "pending_edits",
        lazy("Edits of your posts that are waiting for approval or were declined"),
        (),
        _pending_edits,
    ),
    DataCategory("shifts", lazy("Your on-call shifts"), ("shifts.account_id",), _shifts),
    DataCategory(
        "crisis_acknowledgements",
        lazy("When you said that you were there in a crisis"),
        ("crisis_acknowledgements.account_id",),
        _acknowledgements,
    ),
    DataCategory(
        "exposures",
        lazy("Distressing items in the moderation queue that you opened recently"),
        ("distress_exposures.account_id",),
        _exposures,
    ),
    DataCategory(
        "moderated",
        lazy("What moderators did about you or your posts, and why"),
        ("audit_log_entries.person_id",),
        _moderated,
    ),
    DataCategory(
        "moderating",
        lazy("What you did as a moderator"),
        ("audit_log_entries.by_id", "audit_log_entries.approver_id"),
        _moderating,
    ),
    DataCategory(
        "content_access",
        lazy("When you opened hidden content, or others opened yours"),
        ("access_log_entries.by_id", "access_log_entries.person_id"),
        _content_access,
    ),
    DataCategory(
        "breaks",
        lazy("How long you're taking a break from moderating"),
        ("on_call_breaks.account_id",),
        _breaks,
    ),
    DataCategory(
        "pending_actions",
        lazy("Actions you proposed"),
        ("pending_actions.by_id",),
        _pending_actions,
    ),
    DataCategory("appeals", lazy("Your appeals"), ("appeals.person_id",), _appeals),
)
