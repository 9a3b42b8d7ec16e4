"""Moderation by its usual names: audit log, access log, pending actions, appeals, queue items

Revision: 0045, after 0044
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

from forum.migrations.linked_tables import Renamed, rename, reversed_

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TARGET = {"subject_kind": "target_kind", "subject_id": "target_id"}
DECIDED = {
    "answered_at": "decided_at",
    "answered_by_id": "decided_by_id",
    "confirmed": "approved",
    "shown": "shown_version",
}
TABLES = {
    "moderation_log": Renamed(
        "audit_log_entries", {"act": "action", "second_id": "approver_id", **TARGET}
    ),
    "moderation_looks": Renamed("access_log_entries", {"what": "reason", **TARGET}),
    "moderation_proposals": Renamed("pending_actions", {"act": "action", **TARGET, **DECIDED}),
    "moderation_objections": Renamed("appeals", {"log_id": "log_entry_id", "words": "statement"}),
    "canned_reasons": Renamed("canned_reasons", {"words": "text"}),
    "queue_entries": Renamed("queue_items", TARGET),
    "queue_steps": Renamed("queue_transitions", {"entry_id": "item_id", "step": "transition"}),
    "reports": Renamed("reports", {"entry_id": "item_id", "words": "details"}),
    "kept_messages": Renamed("report_evidence", {"entry_id": "item_id", "said_at": "sent_at"}),
    "exposures": Renamed("distress_exposures", {"entry_id": "item_id"}),
    "moderation_breaks": Renamed("on_call_breaks", {}),
    "watch_words": Renamed("watched_words", {}),
}
ACTIONS = {
    "proposal_declined": "approval_declined",
    "proposal_taken_back": "approval_withdrawn",
    "proposal_lapsed": "approval_expired",
}
ITEM_KINDS = {
    "held": "pending_post",
    "risk": "crisis_alert",
    "flagged": "watched_word",
    "reworded": "edited_since",
}
ITEM_TARGETS = {"room_word": "private_note"}


class AppendOnly(NamedTuple):
    """A table whose rows stay as they are, except that names, and words, can be taken out."""

    table: str
    name: str
    message: str
    fixed: Sequence[str]
    people: Sequence[str]
    words: Sequence[str] = ()
    states: Sequence[str] = ()


NOW = (
    AppendOnly(
        "audit_log_entries", "audit_log", "the audit log is append-only",
        ("id", "action", "target_kind", "target_id", "undoes_id", "at"),
        ("by_id", "approver_id", "group_id", "person_id"), ("reason", "message"),
        ("before", "after"),
    ),
    AppendOnly(
        "access_log_entries", "access_log", "the access log is append-only",
        ("id", "target_kind", "target_id", "reason", "hour", "at"),
        ("by_id", "group_id", "person_id"),
    ),
)  # fmt: skip
BEFORE = (
    AppendOnly(
        "moderation_log", "moderation_log", "the moderation log is append-only",
        ("id", "act", "subject_kind", "subject_id", "undoes_id", "at"),
        ("by_id", "second_id", "group_id", "person_id"), ("reason", "message"),
        ("before", "after"),
    ),
    AppendOnly(
        "moderation_looks", "moderation_looks", "looks are only added",
        ("id", "subject_kind", "subject_id", "what", "hour", "at"),
        ("by_id", "group_id", "person_id"),
    ),
)  # fmt: skip


def upgrade() -> None:
    for log in BEFORE:
        _allow_changes(log)
    rename(TABLES)
    _say_anew("audit_log_entries", "action", ACTIONS)
    _say_anew("queue_items", "kind", ITEM_KINDS)
    _say_anew("queue_items", "target_kind", ITEM_TARGETS)
    for log in NOW:
        _refuse_changes(log)


def downgrade() -> None:
    for log in NOW:
        _allow_changes(log)
    _say_anew("queue_items", "target_kind", _back(ITEM_TARGETS))
    _say_anew("queue_items", "kind", _back(ITEM_KINDS))
    _say_anew("audit_log_entries", "action", _back(ACTIONS))
    rename(reversed_(TABLES))
    for log in BEFORE:
        _refuse_changes(log)


def _back(values: Mapping[str, str]) -> dict[str, str]:
    return {after: before for before, after in values.items()}


def _say_anew(table: str, column: str, values: Mapping[str, str]) -> None:
    rows = sa.table(table, sa.column(column))
    for before, after in values.items():
        op.execute(sa.update(rows).where(rows.c[column] == before).values({column: after}))


def _allow_changes(log: AppendOnly) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {log.name}_kept")
        op.execute(f"DROP TRIGGER {log.name}_unchanged")
        return
    op.execute(f"DROP TRIGGER {log.name}_unchanged ON {log.table}")
    op.execute(f"DROP FUNCTION {log.name}_unchanged()")


def _refuse_changes(log: AppendOnly) -> None:
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{log.message}'); END"
        less = _only_less(log, "IS", "CAST({} AS TEXT)")
        op.execute(f"CREATE TRIGGER {log.name}_kept BEFORE DELETE ON {log.table} {refuse}")
        op.execute(
            f"CREATE TRIGGER {log.name}_unchanged BEFORE UPDATE ON {log.table} "
            f"WHEN NOT ({less}) {refuse}"
        )
        return
    less = _only_less(log, "IS NOT DISTINCT FROM", "{}::text")
    op.execute(
        f"CREATE FUNCTION {log.name}_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND ({less}) THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{log.message}' USING ERRCODE = '23514'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {log.name}_unchanged BEFORE UPDATE OR DELETE ON {log.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {log.name}_unchanged()"
    )


def _only_less(log: AppendOnly, same: str, as_text: str) -> str:
    """Return the condition that a change takes nothing but names and words out of a row."""
    rules = [f"NEW.{column} {same} OLD.{column}" for column in log.fixed]
    rules += [
        f"(NEW.{column} {same} OLD.{column} OR NEW.{column} IS NULL)" for column in log.people
    ]
    rules += [f"(NEW.{column} = OLD.{column} OR NEW.{column} = '')" for column in log.words]
    rules += [
        f"({as_text.format('NEW.' + column)} = {as_text.format('OLD.' + column)} "
        f"OR {as_text.format('NEW.' + column)} = '{{}}')"
        for column in log.states
    ]
    return " AND ".join(rules)
