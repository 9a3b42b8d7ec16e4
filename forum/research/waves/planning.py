"""Choosing the questionnaires and waves of a planned study; they are locked as it opens."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.db import transaction
from forum.core.errors import Conflict
from forum.core.translation import _, formats, lazy
from forum.core.web.forms import edit_conflicts
from forum.research.events import StudyOpened
from forum.research.models import PLANNED, StudyInstrument
from forum.research.studies import audit_log, planning
from forum.research.waves import instrument_files, plan_fields, queries
from forum.research.waves.models import Wave, WavePlan
from forum.research.waves.plan_fields import BASELINE, WavesPlan

LOCKED = lazy(
    "The study has been opened, so its questionnaires and their dates can no longer be changed."
)


def plan_waves(
    by: Viewer | None,
    study_id: int,
    instruments: Mapping[str, str],
    *,
    days: str = ", ".join(map(str, plan_fields.DAYS)),
    opens_before_days: str = str(plan_fields.OPENS_BEFORE),
    closes_after_days: str = str(plan_fields.CLOSES_AFTER),
    danger_watch: str = "",
    shown: str | None = None,
) -> None:
    """Choose the questionnaires of a planned study, each every time or at baseline only.

    None at all means that nobody is asked anything. `shown` is the version that was changed, `by`
    None the operator. Raises Invalid for all that is wrong, Conflict once the study has opened,
    NotFound, LoginNeeded, Forbidden, EditConflict.
    """
    plan = plan_fields.validated(
        instruments,
        days=days,
        opens_before_days=opens_before_days,
        closes_after_days=closes_after_days,
        danger_watch=danger_watch,
    )
    with transaction() as session:
        study = planning.lock_changeable(session, by, study_id)
        if study.state != PLANNED:
            raise Conflict(LOCKED)
        before = queries.plan_of(study_id)
        now = described(before) if before != plan else {}
        edit_conflicts.require_unchanged(shown, version(before), now)
        if before == plan:
            return
        _store(session, study_id, plan)
        audit_log.add_entry(
            "waves_planned",
            study.slug,
            by.id if by else None,
            instruments=dict(plan.instruments),
            days=list(plan.days),
        )


def version(plan: WavesPlan) -> str:
    """Return the version of a plan that a form shows."""
    return edit_conflicts.version_of(described(plan), list(plan.instruments.items()))


def described(plan: WavesPlan) -> dict[str, str]:
    """Return a plan in words, by the label of each field."""
    there = instrument_files.askable()
    titles = [there[one].title if one in there else one for one in plan.instruments]
    labels = plan_fields.NAMES
    return {
        str(labels["instruments"]): formats.listed(titles) if titles else _("none"),
        str(labels["days"]): ", ".join(map(str, plan.days)),
        str(labels["opens_before_days"]): str(plan.opens_before_days),
        str(labels["closes_after_days"]): str(plan.closes_after_days),
        str(labels["danger_watch"]): plan.danger_watch,
    }


def lock_instruments(event: StudyOpened) -> None:
    """Note version and hash of a study's questionnaires as it opens.

    From then on a changed file is refused. Raises Conflict for one that is no longer there.
    """
    with transaction() as session:
        for one in session.query(StudyInstrument).filter_by(study_id=event.study_id):
            instrument = instrument_files.askable().get(one.instrument_id)
            if instrument is None:
                raise Conflict(
                    _(
                        "The file of the questionnaire %(name)s is no longer there. Choose another "
                        "questionnaire before you open the study.",
                        name=one.instrument_id,
                    )
                )
            one.version, one.content_hash = instrument.version, instrument.content_hash


def _store(session: Session, study_id: int, plan: WavesPlan) -> None:
    for table in (StudyInstrument, Wave, WavePlan):
        session.execute(delete(table).where(table.study_id == study_id))
    if not plan.instruments:
        return
    for place, (one, scope) in enumerate(plan.instruments.items()):
        instrument = instrument_files.askable()[one]
        session.add(
            StudyInstrument(
                study_id=study_id,
                instrument_id=one,
                place=place,
                version=instrument.version,
                content_hash=instrument.content_hash,
                is_baseline_only=scope == BASELINE,
            )
        )
    session.add_all(
        Wave(
            study_id=study_id,
            ordinal=ordinal,
            day=day,
            opens_before_days=plan.opens_before_days,
            closes_after_days=plan.closes_after_days,
        )
        for ordinal, day in enumerate(plan.days)
    )
    session.add(WavePlan(study_id=study_id, danger_watch=plan.danger_watch))
