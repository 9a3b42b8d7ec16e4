"""Erasing an account, across all slices: what each stage takes away, and in which order.

The account is closed before this begins. Its name is in the job's `params` until the end, since
others may have written it anywhere. A row is looked for wherever a table refers to accounts: a
table that comes later is covered, too.
"""

from typing import Any, cast

from sqlalchemy import Column, Table
from sqlalchemy.orm import Session

from forum.accounts import queries
from forum.accounts import service as accounts
from forum.accounts.former_member import in_words_of_others
from forum.accounts.models import Account
from forum.core import db, optional_slices
from forum.core.background import periodic
from forum.core.background.jobs import rows
from forum.core.background.jobs.job_types import JobType, Stage, StepDone, Steps, Task
from forum.core.db import Base
from forum.core.translation import lazy
from forum.meetings.room.messages import erasure as meetings
from forum.meetings.room.messages import mention_updates
from forum.meetings.room.models import PrivateNote, RoomMessage
from forum.messages.content import erasure as private_messages
from forum.messages.models import PrivateMessage
from forum.moderation.audit_log import erasure as moderation
from forum.moderation.queue import erasure as queue
from forum.privacy import name_redaction
from forum.safety import service as safety
from forum.threads.models import Post, PostRevision, Thread
from forum.threads.posts import erasure as threads

research = optional_slices.optional("forum.research.erasure")

ERASE = "erase_account"
PATIENCE_S, TRY_AGAIN_S = 0.2, 60.0
WORDS = (
    Thread.title,
    Post.content_note,
    PostRevision.content_note,
    RoomMessage.content_note,
    PrivateNote.body,
    PrivateMessage.content_note,
    *moderation.TEXT_COLUMNS,
    *queue.TEXT_COLUMNS,
    *name_redaction.WORDS,
)


def _reactions(session: Session, task: Task) -> Steps:
    yield from threads.remove_reactions(session, task.subject_id)


def _mentions(session: Session, task: Task) -> Steps:
    yield from threads.remove_mentions(session, task.subject_id)


def _posts(session: Session, task: Task) -> Steps:
    remove = task.params["remove"]
    yield from threads.erase_posts(session, task.subject_id, remove=remove)
    yield from threads.erase_authorship(session, task.subject_id, remove=remove)


def _post_count(session: Session, task: Task) -> int:
    return threads.count_posts(session, task.subject_id)


def _messages(session: Session, task: Task) -> Steps:
    yield from meetings.erase_messages(session, task.subject_id, remove=task.params["remove"])


def _message_count(session: Session, task: Task) -> int:
    return meetings.count_messages(session, task.subject_id)


def _private_messages(session: Session, task: Task) -> Steps:
    yield from private_messages.erase_messages(session, task.subject_id)


def _notes(session: Session, task: Task) -> Steps:
    if task.params["remove"]:
        yield from safety.erase_care_messages(session, task.subject_id)


def _reports(session: Session, task: Task) -> Steps:
    yield from queue.anonymise_reports(session, task.subject_id)


def _log(session: Session, task: Task) -> Steps:
    yield from moderation.erase_texts_about(session, task.subject_id, task.after)


def _studies(session: Session, task: Task) -> Steps:
    if research:
        yield from research.erase_participation(session, task.subject_id)


def _study_log(session: Session, task: Task) -> Steps:
    if research:
        yield from research.redact_log(session, task.subject_id)


def _name_in_rooms(session: Session, task: Task) -> Steps:
    yield from mention_updates.remove_name(session, task.params["name"], task.after)


def _name_in_private(session: Session, task: Task) -> Steps:
    yield from private_messages.remove_name(session, task.params["name"], task.after)


def _name_in_log(session: Session, task: Task) -> Steps:
    yield from moderation.erase_name(session, task.params["name"], task.after)


def _name_elsewhere(session: Session, task: Task) -> Steps:
    name = task.params["name"]
    others = queries.longer_handles(session, name)
    yield from rows.take_name_out(session, WORDS, name, in_words_of_others(), task.after, others)


def _what_refers(session: Session, task: Task) -> Steps:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if _follows(column) == "CASCADE":
                yield from rows.remove(session, table, column == task.subject_id)
            elif _follows(column) == "SET NULL":
                nobody: dict[str, Any] = {column.name: None}
                yield from rows.change(session, table, column == task.subject_id, **nobody)


def _follows(column: Column[Any]) -> str | None:
    """Return what a column's row does when an account goes, for one that refers to accounts."""
    accounts_table = cast("Table", Account.__table__)
    for key in column.foreign_keys:
        if key.column.table is accounts_table:
            return key.ondelete
    return None


def _account(session: Session, task: Task) -> Steps:
    if session.get(Account, task.subject_id) is not None:
        accounts.erase(task.subject_id)
        yield StepDone()


def _empty_log() -> None:
    """Leave nothing of what was erased in SQLite's log; while somebody reads, it waits."""
    if not db.truncate_log(PATIENCE_S) and periodic.serving():
        periodic.soon(TRY_AGAIN_S, "log_of_erased", _empty_log)


KIND = JobType(
    ERASE,
    (
        Stage(lazy("Leaving studies"), _studies),
        Stage(lazy("Removing your reactions"), _reactions),
        Stage(lazy("Removing your name from what others wrote"), _mentions),
        Stage(lazy("Going through your posts"), _posts, _post_count),
        Stage(lazy("Going through what you said in meetings"), _messages, _message_count),
        Stage(lazy("Going through your messages and reports"), _private_messages),
        Stage(lazy("Going through your messages and reports"), _notes),
        Stage(lazy("Going through your messages and reports"), _reports),
        Stage(lazy("Removing your name from the moderators' log"), _log),
        Stage(lazy("Removing your name from the moderators' log"), _name_in_log),
        Stage(lazy("Removing your name from the studies' log"), _study_log),
        Stage(lazy("Removing your name from what others wrote"), _name_in_rooms),
        Stage(lazy("Removing your name from what others wrote"), _name_in_private),
        Stage(lazy("Removing your name from what others wrote"), _name_elsewhere),
        # Once more: what was on its way when the account was closed.
        Stage(lazy("Checking that nothing is left"), _posts),
        Stage(lazy("Checking that nothing is left"), _private_messages),
        Stage(lazy("Deleting everything else"), _what_refers),
        Stage(lazy("Deleting your account"), _account),
    ),
    _empty_log,
)
