"""For earlier members the same is new as before: everything since they joined."""

from alembic import command
from flask import Flask
from sqlalchemy import select

from forum import migrations
from forum.core import db
from forum.groups.models import Membership
from forum.home import queries
from tests.support import factories as make

BEFORE = "0051"


def test_what_was_new_stays_new(app: Flask) -> None:
    group = make.group()
    me, other = (make.join(make.person(), group) for _ in range(2))
    make.thread(other, group)
    db.release_session()
    command.downgrade(migrations.config(), BEFORE)
    command.upgrade(migrations.config(), "head")
    db.release_session()
    assert queries.member_home(me).unread == {group: 1}
    found = select(Membership.joined_at, Membership.new_since)
    assert all(row.joined_at == row.new_since for row in db.current_session().execute(found))
