"""An open study with questionnaires, and people who agreed to answer them, for tests."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.db import transaction
from forum.research import queries
from forum.research import service as research
from forum.research.models import Consent
from forum.research.studies import planning
from forum.research.waves import item_pages, participant_waves, service
from forum.research.waves import planning as wave_planning
from forum.research.waves import queries as wave_queries
from forum.research.waves.item_pages import Given
from forum.research.waves.models import ANSWERED, INVITATION, WavePrompt, WaveResponse
from forum.research.waves.plan_fields import BASELINE, EVERY_WAVE
from tests.support.research import study_world
from tests.support.research.study_forms import FACTS
from tests.support.research.study_world import PASSWORD, StudyWorld
from tests.support.worlds import copied_worlds

WATCH = "Dr Example, each weekday morning"
DANGER_PAGE = 2  # PHQ-9 alone: its item 9 is on the second page


@dataclass
class WaveWorld:
    """A study with PHQ-9 in every wave, and a background at baseline only."""

    room: StudyWorld

    def member(self) -> Viewer:
        """Return somebody who has just agreed to answer."""
        person = self.room.member(password=PASSWORD)
        self.room.agree(person, "record", "answer")
        return person

    def key(self, viewer: Viewer) -> int:
        """Return somebody's key."""
        key = queries.participant_key(viewer.id or 0, self.room.study_id)
        assert key is not None
        return key

    def response(self, viewer: Viewer, ordinal: int = 0) -> WaveResponse | None:
        """Return what somebody did with a wave, as it is stored now."""
        db.release_session()
        wave = wave_queries.wave_at(self.room.study_id, ordinal)
        mine = select(WaveResponse).where(
            WaveResponse.participant == self.key(viewer), WaveResponse.wave_id == wave.id
        )
        return db.current_session().scalar(mine)

    def agreed_days_ago(self, viewer: Viewer, days: float) -> None:
        """Let somebody have agreed so many days ago, which is their day 0."""
        with transaction() as session:
            session.execute(
                update(Consent)
                .where(Consent.participant == self.key(viewer))
                .values(given_at=clock.now() - timedelta(days=days))
            )
        db.release_session()

    def answer(self, viewer: Viewer, ordinal: int = 0, *, value: int = 1, danger: int = 0) -> None:
        """Answer a whole wave with one value, and so much at the item about danger."""
        wave = wave_queries.wave_at(self.room.study_id, ordinal)
        found = item_pages.pages(wave_queries.instruments_of_wave(wave))
        for number, page in enumerate(found, 1):
            given = {
                one.key: Given(ANSWERED, None, "Woman")
                if one.item.words
                else Given(ANSWERED, danger if one.item.danger_from else value)
                for one in page
            }
            service.save_page(viewer, self.room.slug, ordinal, number, given)

    def prompts(self, viewer: Viewer) -> list[tuple[str, int]]:
        """Return what somebody was sent, in order."""
        db.release_session()
        mine = select(WavePrompt.kind, WavePrompt.ordinal).where(
            WavePrompt.participant == self.key(viewer)
        )
        found = db.current_session().execute(mine.order_by(WavePrompt.at))
        return [(row.kind, row.ordinal) for row in found]

    def state(self, viewer: Viewer, ordinal: int = 0) -> str:
        """Return what became of a wave."""
        db.release_session()
        return participant_waves.own_wave(viewer, self.room.slug, ordinal)[1].state


def study(*, background: bool = False) -> WaveWorld:
    """Return an open study with questionnaires."""
    return copied_worlds.world(f"waves-{background}", lambda: _study(background=background))


def _study(*, background: bool) -> WaveWorld:
    room = study_world.study(opened=False)
    chosen = {"background": BASELINE} if background else {}
    wave_planning.plan_waves(
        None, room.study_id, {**chosen, "phq-9": EVERY_WAVE}, danger_watch=WATCH
    )
    planning.open_study(room.study_id)
    return WaveWorld(room)


def answer_in_group(viewer: Viewer, group_id: int) -> None:
    """Let somebody answer a questionnaire of another study of a group, and be asked for it."""
    study_id = planning.create_study(
        "questions", document=study_world.WORDS, group_ids=[group_id], **FACTS
    )
    wave_planning.plan_waves(None, study_id, {"background": BASELINE, "phq-8": EVERY_WAVE})
    planning.open_study(study_id)
    research.give_consent(viewer, "questions", version=1, clauses=["record", "answer"])
    world = WaveWorld(StudyWorld(study_id, "questions", group_id, group_id))
    world.answer(viewer)
    with transaction() as session:
        wave = wave_queries.wave_at(study_id, 0)
        session.add(
            WavePrompt(
                participant=world.key(viewer),
                wave_id=wave.id,
                kind=INVITATION,
                ordinal=0,
                at=clock.now(),
            )
        )
