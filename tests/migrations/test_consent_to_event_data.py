"""Nobody is taken to have agreed to event data who was never asked for it."""

from alembic import command
from flask import Flask
from sqlalchemy import text

from forum import migrations
from forum.core import db
from tests.support.research import study_world


def test_earlier_consents_do_not_cover_event_data(app: Flask) -> None:
    room = study_world.study()
    room.agree(room.member(), *study_world.ALL)
    command.downgrade(migrations.config(), "0055")
    command.upgrade(migrations.config(), "head")
    found = db.current_session().execute(text("SELECT share, events FROM consents")).one()
    assert (bool(found.share), bool(found.events)) == (True, False)
    db.release_session()
