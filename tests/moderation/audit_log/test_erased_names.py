"""An erased member is named nowhere in what moderators keep, nor comes back by an undo."""

import pytest
from flask import Flask
from sqlalchemy import Table, select

from forum.core import db
from forum.core.db import Base
from forum.core.errors import Conflict
from forum.moderation.actions import service
from forum.moderation.appeals import undo as appeals_undo
from forum.privacy import service as privacy
from forum.threads import queries as threads
from tests.support import factories as make
from tests.support.worlds.moderation_world import moderation_world

PASSWORD = "seven quiet herons"


def all_words(*tables: str) -> str:
    """Return everything in some tables."""
    found: list[Table] = [Base.metadata.tables[name] for name in tables]
    return repr([db.current_session().execute(select(table)).all() for table in found]).casefold()


def test_a_name_that_was_taken_out_of_a_post_does_not_come_back(app: Flask) -> None:
    _, people, place = moderation_world()
    leaving = make.person("wren-in-rain", password=PASSWORD)
    body = "I know @wren-in-rain from work. @wren-in-rains is somebody else."
    post = make.post(people["author"], place.thread_id, body=body).id
    edit = service.take_action(
        people["moderator"],
        "edit",
        post,
        value="I know somebody.",
        reason="It says who @Wren-in-Rain is",
        message="Please leave @wren-in-rain in peace",
    ).log_entry_id
    other = service.take_action(
        people["moderator"], "hide", place.id, reason="@wren-in-rains"
    ).log_entry_id
    appeals_undo.appeal(people["author"], edit or 0, "But @wren-in-rain said so.")
    service.take_action(
        people["moderator"],
        "edit",
        make.post(people["second"], place.thread_id).id,
        value="As @wren-in-rain said",
    )
    privacy.erase_myself(leaving, posts=privacy.KEEP, password=PASSWORD, confirmed=True)
    db.release_session()
    kept = all_words("audit_log_entries", "pending_actions", "appeals")
    assert "wren-in-rain" not in kept.replace("wren-in-rains", "")
    assert "wren-in-rains" in kept
    assert "but a former member said so." in kept
    with pytest.raises(Conflict):
        appeals_undo.undo(people["second"], edit or 0)
    appeals_undo.undo(people["second"], other or 0)
    db.release_session()
    assert threads.post_for(people["moderator"], post).body == "I know somebody."
