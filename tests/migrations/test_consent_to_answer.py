"""Nobody is taken to have agreed to questionnaires who was never asked to."""

from alembic import command
from flask import Flask
from sqlalchemy import text

from forum import migrations
from forum.core import db
from tests.support.research import study_world


def test_earlier_consents_do_not_cover_questionnaires(app: Flask) -> None:
    room = study_world.study()
    room.agree(room.member(), *study_world.ALL)
    command.downgrade(migrations.config(), "0068")
    command.upgrade(migrations.config(), "head")
    found = db.current_session().execute(text("SELECT share, answer FROM consents")).one()
    assert (bool(found.share), bool(found.answer)) == (True, False)
    db.release_session()
