"""Tombstones are noted with what they are of, reach the file once, and tell nobody's name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from forum.core import db
from forum.core.db import transaction
from forum.privacy import service as privacy
from forum.privacy.tombstones import service, tombstone_file
from forum.privacy.tombstones.models import Tombstone
from forum.privacy.tombstones.tombstone_file import Entry
from tests.support import factories

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_erasing_is_noted_in_its_transaction(app: Flask, tmp_path: Path) -> None:
    viewer = factories.person("alder")
    file = tmp_path / "list.jsonl"
    with pytest.raises(ZeroDivisionError), transaction():
        privacy.erase(viewer.id or 0, remove=True)
        raise ZeroDivisionError
    assert service.write_out(file) == 0
    privacy.erase(viewer.id or 0, remove=True)
    assert (service.write_out(file), service.write_out(file)) == (1, 0)
    (entry,) = tombstone_file.read(file)
    assert entry.kind == tombstone_file.WITH_POSTS
    assert "alder" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert db.current_session().scalars(select(Tombstone)).all() == []


def test_what_cannot_be_written_stays_noted(app: Flask, tmp_path: Path) -> None:
    privacy.erase(factories.person().id or 0, remove=False)
    with pytest.raises(OSError, match="directory"):
        service.write_out(tmp_path / "not there" / "list.jsonl")
    db.release_session()
    assert service.write_out(tmp_path / "list.jsonl") == 1


def test_a_line_that_was_torn_off_costs_no_other(tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl"
    one, two = Entry("account", "a" * 64, AT), Entry("consent", "b" * 64, AT)
    tombstone_file.append(file, [one])
    file.write_bytes(file.read_bytes() + b'{"kind": "account", "dig')
    tombstone_file.append(file, [two])
    assert tombstone_file.read(file) == [one, two]


def test_no_file_is_no_entries(tmp_path: Path) -> None:
    assert tombstone_file.read(tmp_path / "list.jsonl") == []


@given(st.binary(max_size=300))
def test_no_content_of_the_file_stops_a_restore(content: bytes) -> None:
    assert [tombstone_file._entry(line) for line in content.split(b"\n")]
