"""Studies that began some time ago."""

from datetime import timedelta

from sqlalchemy import update

from forum.accounts.policy import Viewer
from forum.activity.models import ActivityEvent
from forum.core import clock, db
from forum.research.models import Study
from tests.support.research import study_world
from tests.support.research.study_world import StudyWorld


def three_weeks_old(agreed: int) -> tuple[StudyWorld, list[Viewer]]:
    """Return a study that began three weeks ago, and people of whom the first so many agreed."""
    room = study_world.study()
    people = [room.member() for _ in range(12)]
    for person in people[:agreed]:
        room.agree(person)
    early = clock.now() - timedelta(days=22)
    with db.transaction() as session:
        session.execute(update(ActivityEvent).values(at=early))
        session.execute(update(Study).values(opened_at=early))
    return room, people
