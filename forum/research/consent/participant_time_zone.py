"""A participant's own time zone, so that a day of theirs is counted as one day."""

from sqlalchemy import update

from forum.accounts.policy import Viewer, person_id
from forum.core.db import transaction
from forum.core.errors import NotFound
from forum.research import queries
from forum.research.models import Participant
from forum.research.studies import fields


def set_zone(viewer: Viewer, slug: str, zone: str) -> None:
    """Count somebody's days in a study in this time zone; "" is for the study's own.

    Raises LoginNeeded, Invalid, and NotFound for a study in which they do not take part.
    """
    person_id(viewer)
    chosen = fields.zone(zone) if zone else None
    with transaction() as session:
        view = queries.study_for(viewer, slug)
        if view.participant is None or view.consent is None:
            raise NotFound
        session.execute(
            update(Participant).where(Participant.key == view.participant).values(zone=chosen)
        )
