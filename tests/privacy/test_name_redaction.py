"""An erased member is no longer named in anything that others have written by hand."""

import pytest
from flask import Flask
from sqlalchemy import String, select, update

from forum.core import db
from forum.core.db import Base, transaction
from forum.privacy import name_redaction
from forum.privacy import service as privacy
from tests.support.worlds.privacy_world import HANDLE, PASSWORD, PrivacyWorld, whole_database

# Chosen from a list, made by the forum, or words of the person's own that go with them. Posts,
# rooms and the log are looked into by the tests of erasing; a study's documents are not changed.
ELSEWHERE = {
    "posts",
    "threads",
    "room_messages",
    "private_notes",
    "private_messages",
    "report_evidence",
    "audit_log_entries",
    "pending_actions",
    "appeals",
    "research_log",
    "releases",
    "release_jobs",
    "released_rows",
    "linkage_classes",
    "studies",
    "consent_documents",
    "proposed_documents",
    "study_instruments",  # names of files
    "instrument_scores",
    "item_responses",  # one's own words about oneself
    "wave_plans",  # in words of the study, as `studies`
    "content_note_preferences",
    "watched_words",
    "retired_handles",
    "push_devices",  # addresses, keys, and names that we made
    "push_receipts",
    "search_entries",  # what posts say, indexed anew when they change
}
NO_WORDS = {
    "handle",
    "handle_key",
    "handle_skeleton",
    "handle_sort",
    "password_hash",
    "email",
    "digest",
    "token_digest",
    "device",
    "slug",
    "zone",
    "rule",
    "idempotency_key",
    "based_on",
    "person_digest",
    "handle_digest",
    "email_digest",
}
REVISED = {"post_revisions.body", "post_revisions.content_note"}


def written_by_hand() -> set[str]:
    """Return the columns of all tables that can hold a sentence."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if table.name not in ELSEWHERE
        and column.name not in NO_WORDS
        and isinstance(column.type, String)
        and (column.type.length or 99) >= 40
    }


def test_every_column_with_words_is_looked_through() -> None:
    listed = {f"{one.class_.__tablename__}.{one.key}" for one in name_redaction.WORDS}
    assert listed | REVISED == written_by_hand()


@pytest.mark.parametrize("posts", ["remove", "keep"])
def test_a_name_goes_out_of_all_of_them(app: Flask, posts: str) -> None:
    me = PrivacyWorld().me
    with transaction() as session:
        for column in name_redaction.WORDS:
            said = f"I know @{HANDLE.upper()}, and @{HANDLE}s"[: column.type.length]
            session.execute(update(column.class_).values({column.key: said}))
    filled = [
        column
        for column in name_redaction.WORDS
        if db.current_session().scalar(select(column).limit(1)) is not None
    ]
    privacy.erase_myself(me, posts=posts, password=PASSWORD, confirmed=True)
    db.release_session()
    assert len(filled) > len(name_redaction.WORDS) / 2
    left = {
        where: words.replace(f"@{HANDLE}s".casefold(), "")
        for where, words in whole_database().items()
    }
    assert [where for where, words in left.items() if HANDLE.casefold() in words] == []
    assert "i know a former member, and @zephyrines" in whole_database()["reports.details"]
