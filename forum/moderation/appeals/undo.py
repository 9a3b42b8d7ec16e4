"""Second thoughts: undo, and objections."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id, person_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.events import announce
from forum.core.text import stock_reasons
from forum.core.translation import _
from forum.moderation import limits
from forum.moderation.actions import conflicts_of_interest, log_entries, policy, role_ranks, targets
from forum.moderation.actions.action import Change, Given
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import THREAD
from forum.moderation.appeals import policy as appeal_policy
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.events import AppealAnswered, AppealMade
from forum.moderation.models import Appeal, AuditLogEntry

WORDS_MAX = 2000


def undo(viewer: Viewer, log_entry_id: int, reason: str = "") -> int:
    """Restore what was before an action; return the new row's id.

    Raises NotFound, Forbidden, and Conflict when it was undone or has changed since.
    """
    by_id = member_id(viewer)
    reason = text.one_line(reason, "reason", most=limits.REASON_MAX)
    try:
        with transaction() as session:
            return _restore(session, viewer, _row(session, log_entry_id), by_id, reason)
    except IntegrityError as twice:
        raise Conflict(_("Someone has already undone this."), code="already_done") from twice


def _restore(
    session: Session,
    viewer: Viewer,
    entry: AuditLogEntry,
    by_id: int,
    reason: str,
    *,
    appealed: bool = False,
) -> int:
    """Bring back what was before an action.

    Where the person concerned has appealed, it needs no second person, and may have been brought
    back otherwise.
    """
    action = ACTIONS.get(entry.action)
    if action is None or not action.field:
        raise Conflict(_("This can't be undone."), code="not_undoable")
    if role_ranks.rank_of(session, by_id, entry.group_id) < action.least:
        raise NotFound
    action.lock_again(session, entry)
    target = targets.lock(
        session,
        viewer,
        entry.target_kind,
        entry.target_id,
        entry.group_id,
        entry.person_id,
        has_left=True,
    )
    if entry.target_kind == THREAD:
        target = replace(target, person_id=entry.person_id)
    if not appeal_policy.may_undo_now(session, by_id, entry, target, asked=appealed):
        raise Forbidden(_("Someone else has to undo this."), code="not_yours")
    action.undo(session, viewer, target, entry, reason, appealed=appealed)
    return log_entries.add_entry(
        session,
        log_entries.UNDO,
        target,
        Given(reason, "", ""),
        Change(entry.after, entry.before, entry.id),
        by_id=by_id,
    )


def appeal(viewer: Viewer, log_entry_id: int, words: str) -> None:
    """Say that one sees an action differently. Raises NotFound, Invalid, Conflict."""
    me = person_id(viewer)
    with transaction() as session:
        row = session.scalar(
            select(AuditLogEntry.id).where(
                AuditLogEntry.id == log_entry_id, appeal_policy.concerns(viewer.sql_id())
            )
        )
        if row is None:
            raise NotFound
        words = text.checked(words, "words", least=1, most=WORDS_MAX, name=_("Your appeal"))
        if session.get(Appeal, log_entry_id):
            raise Conflict(_("You have already appealed against this."), code="already_done")
        appealed = Appeal(
            log_entry_id=log_entry_id, person_id=me, statement=words, created_at=clock.now()
        )
        session.add(appealed)
        session.flush()
        announce(AppealMade(log_entry_id, appealed.created_at))


def answer_appeal(
    viewer: Viewer, log_entry_id: int, *, overturn: bool | None, answer: str = ""
) -> None:
    """Uphold an action or undo it, as somebody else than who acted.

    What cannot be undone, or is undone already, is overturned with words alone. Raises as `undo`
    does, and Invalid for None.
    """
    me = member_id(viewer)
    answer = text.checked(answer, "answer", most=WORDS_MAX, name=_("The answer"))
    with transaction() as session:
        found, row = session.get(Appeal, log_entry_id), _row(session, log_entry_id)
        action = ACTIONS.get(row.action)
        rank = role_ranks.rank_of(session, me, row.group_id)
        if found is None or rank < policy.least_rank(row.action):
            raise NotFound
        if me in {row.by_id, row.approver_id, row.person_id}:
            raise Forbidden(
                _("Someone who was not involved has to answer this appeal."), code="not_yours"
            )
        if not appeal_queries.may_answer_appeal(session, row, me):
            raise Forbidden(conflicts_of_interest.NOT_INDEPENDENT, code="not_independent")
        if overturn is None:
            raise Invalid(fields={"overturn": _("Choose whether the action stays or is undone.")})
        changed = session.execute(
            update(Appeal)
            .where(Appeal.log_entry_id == log_entry_id, Appeal.answered_at.is_(None))
            .values(answered_at=clock.now(), answered_by_id=me, overturned=overturn, answer=answer)
            .returning(Appeal.log_entry_id)
        ).all()
        if not changed:
            raise Conflict(_("Someone has already answered this."), code="already_done")
        if overturn and action and action.field and not _is_undone(session, log_entry_id):
            _restore(session, viewer, row, me, stock_reasons.AFTER_APPEAL, appealed=True)
        announce(AppealAnswered(log_entry_id, found.person_id, overturn, clock.now()))


def _is_undone(session: Session, log_entry_id: int) -> bool:
    return (
        session.scalar(select(AuditLogEntry.id).where(AuditLogEntry.undoes_id == log_entry_id))
        is not None
    )


def _row(session: Session, log_entry_id: int) -> Any:
    row = session.get(AuditLogEntry, log_entry_id)
    if row is None:
        raise NotFound
    return row
