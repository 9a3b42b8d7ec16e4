"""The log names threads and people to moderators who see them, says what was undone, and is
filtered.
"""

from datetime import timedelta

import pytest
from flask import Flask

from forum.core import clock
from forum.moderation.actions import service as moderation
from forum.moderation.appeals import undo
from forum.moderation.audit_log import log_names
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from tests.support import factories as make
from tests.support.worlds.queue_world import QueueWorld


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    app.config["WTF_CSRF_ENABLED"] = False
    return QueueWorld()


def test_the_log_names_threads_only_to_people_who_see_them(room: QueueWorld) -> None:
    moderation.take_action(room["administrator"], "lock", room.thread)
    moderation.take_action(room["moderator"], "hide", room.post)
    rows = log.find(room["moderator"], LogFilter())
    assert set(log_names.thread_titles(room["moderator"], rows)) == {
        ("thread", room.thread),
        ("post", room.post),
    }
    outsider = log_names.thread_titles(room["elsewhere"], rows)
    assert set(outsider) <= set(log_names.thread_titles(room["moderator"], rows))


def test_an_undo_says_what_was_undone(app: Flask, room: QueueWorld) -> None:
    entry = moderation.take_action(room["moderator"], "hide", room.post).log_entry_id or 0
    undo.undo(room["moderator"], entry)
    client = app.test_client()
    make.log_in(client, room["moderator"])
    page = client.get("/moderation/log").text
    assert "Undone: A post was hidden" in page
    assert "since undone" in page
    only = client.get(f"/moderation/log?entry={entry}").text
    assert f'id="action-{entry}"' in only
    assert "Undone: A post was hidden" not in only


def test_the_log_is_filtered_by_days(room: QueueWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    moderation.take_action(room["moderator"], "hide", room.post)
    assert log.find(room["moderator"], LogFilter(days="7"))
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not log.find(room["moderator"], LogFilter(days="7"))
    assert log.find(room["moderator"], LogFilter(days="nonsense"))


def test_groups_to_choose_from_are_ones_own(room: QueueWorld) -> None:
    assert len(log_names.groups_in_log(room["moderator"])) == 1
    assert log_names.groups_in_log(room["outsider"]) == []
