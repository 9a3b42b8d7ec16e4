"""Notifications keep what they are about when their column gets its usual name, there and back."""

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from forum import migrations
from forum.core import clock, db
from forum.core.db import transaction
from forum.notifications import queries
from forum.notifications.models import MENTION, Notification
from tests.support import factories as make

BEFORE = "0047"


def test_a_notification_keeps_its_type(app: Flask) -> None:
    author, reader = make.person(), make.person()
    group = make.group()
    for one in (author, reader):
        make.join(one, group)
    post = make.post(author, make.thread(author, group).thread_id)
    told = {"account_id": reader.id, "type": MENTION, "post_id": post.id, "actor_id": author.id}
    with transaction() as session:
        session.add(Notification(**told, created_at=clock.now()))
    db.release_session()
    command.downgrade(migrations.config(), BEFORE)
    kinds = db.current_session().scalars(text("SELECT kind FROM notifications ORDER BY id")).all()
    db.release_session()
    command.upgrade(migrations.config(), "head")
    assert MENTION in kinds
    assert [line.type for line in queries.lines(reader)].count(MENTION) == 1
    db.release_session()
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Notification(**told, created_at=clock.now()))
