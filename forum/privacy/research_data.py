"""What is held about one person's part in studies; nothing where the forum has no studies."""

from typing import Any

from sqlalchemy import or_, select

from forum.core import optional_slices
from forum.core.translation import lazy
from forum.privacy.data_category import DataCategory, Rows

_tables = optional_slices.optional("forum.research.models")
_queries = optional_slices.optional("forum.research.queries")
_running = optional_slices.optional("forum.research.studies.models")
_waves = optional_slices.optional("forum.research.waves.models")
_ledger = optional_slices.optional("forum.research.releases.ledger.models")
_jobs = optional_slices.optional("forum.research.releases.requests.models")


def _consents(me: int) -> Rows:
    study, consent = _tables.Study, _tables.Consent
    document, participant = _tables.ConsentDocument, _tables.Participant
    return (
        select(
            study.title,
            document.version,
            document.text,
            consent.record,
            consent.past,
            consent.share,
            consent.linkage,
            consent.contact,
            consent.answer,
            consent.given_at,
            consent.ended_at,
            participant.zone.label("own_time_zone"),
        )
        .join(participant, participant.key == consent.participant)
        .join(document, document.id == consent.document_id)
        .join(study, study.id == document.study_id)
        .where(participant.account_id == me)
        .order_by(consent.id)
    )


def _record(me: int) -> Rows:
    participant, event = _tables.Participant, _queries.ActivityEvent
    return (
        select(_tables.Study.slug.label("study"), *_queries.OWN_EVENT_COLUMNS)
        .join(participant, participant.key == event.participant)
        .join(_tables.Study, _tables.Study.id == participant.study_id)
        .where(participant.account_id == me)
        .order_by(event.at, event.id)
    )


def _wave_responses(me: int) -> Rows:
    response, wave = _waves.WaveResponse, _waves.Wave
    return (
        select(
            _tables.Study.slug.label("study"),
            wave.ordinal.label("wave"),
            wave.day,
            response.state,
            response.day0,
            response.started_at,
            response.saved_at,
            response.completed_at,
            response.snoozed_until,
            response.danger_at,
        )
        .select_from(response)
        .join(wave, wave.id == response.wave_id)
        .join(_tables.Study, _tables.Study.id == wave.study_id)
        .join(_tables.Participant, _tables.Participant.key == response.participant)
        .where(_tables.Participant.account_id == me)
        .order_by(response.id)
    )


def _answers(me: int) -> Rows:
    item = _waves.ItemResponse
    return _of_waves(
        me, item, item.instrument_id, item.item_id, item.status, item.value, item.words
    ).order_by(item.wave_response_id, item.instrument_id, item.item_id)


def _scores(me: int) -> Rows:
    score = _waves.InstrumentScore
    return _of_waves(
        me,
        score,
        score.instrument_id,
        score.version,
        score.value,
        score.answered,
        score.missing,
        score.is_prorated,
        score.subscales,
    ).order_by(score.wave_response_id, score.instrument_id)


def _of_waves(me: int, table: Any, *columns: Any) -> Rows:
    response, wave, participant = _waves.WaveResponse, _waves.Wave, _tables.Participant
    return (
        select(_tables.Study.slug.label("study"), wave.ordinal.label("wave"), *columns)
        .select_from(table)
        .join(response, response.id == table.wave_response_id)
        .join(wave, wave.id == response.wave_id)
        .join(_tables.Study, _tables.Study.id == wave.study_id)
        .join(participant, participant.key == response.participant)
        .where(participant.account_id == me)
    )


def _prompts(me: int) -> Rows:
    prompt, wave, participant = _waves.WavePrompt, _waves.Wave, _tables.Participant
    return (
        select(
            _tables.Study.slug.label("study"),
            wave.ordinal.label("wave"),
            prompt.kind,
            prompt.ordinal,
            prompt.at,
        )
        .join(wave, wave.id == prompt.wave_id)
        .join(_tables.Study, _tables.Study.id == wave.study_id)
        .join(participant, participant.key == prompt.participant)
        .where(participant.account_id == me)
        .order_by(prompt.id)
    )


def _linkage_keys(me: int) -> Rows:
    participant, key, of = _tables.Participant, _ledger.LinkageKey, _ledger.LinkageClass
    return (
        select(_tables.Study.slug.label("study"), of.recipient, of.purpose, key.key)
        .join(of, of.study_id == _tables.Study.id)
        .join(key, key.class_id == of.id)
        .join(participant, participant.key == key.participant)
        .where(participant.account_id == me)
        .order_by(of.id)
    )


def _run(me: int) -> Rows:
    study, named = _tables.Study, _running.Researcher
    return (
        select(study.slug, study.title, named.named_at)
        .join(named, named.study_id == study.id)
        .where(named.account_id == me)
        .order_by(study.id)
    )


def _research_actions(me: int) -> Rows:
    row = _running.ResearchLogEntry
    return (
        select(row.study, row.action, row.details, row.reason, row.at)
        .where(or_(row.by_id == me, row.about_id == me))
        .order_by(row.id)
    )


def _proposed(me: int) -> Rows:
    proposed = _running.ProposedDocument
    return (
        select(_tables.Study.slug.label("study"), proposed.text, proposed.created_at)
        .join(_tables.Study, _tables.Study.id == proposed.study_id)
        .where(proposed.by_id == me)
    )


def _releases(me: int) -> Rows:
    job = _jobs.ReleaseJob
    return (
        select(
            _tables.Study.slug.label("study"),
            job.tier,
            job.made_by,
            job.reason,
            job.recipient,
            job.linkage,
            job.hours,
            job.state,
            job.problem,
            job.requested_at,
        )
        .join(_tables.Study, _tables.Study.id == job.study_id)
        .where(job.requested_by_id == me)
        .order_by(job.id)
    )


RESEARCH_DATA = (
    (
        DataCategory(
            "consents",
            lazy("Studies you take part in, and what you agreed to"),
            ("participants.account_id",),
            _consents,
        ),
        DataCategory(
            "linkage_keys",
            lazy("Code numbers used for you in shared research data"),
            (),
            _linkage_keys,
        ),
        DataCategory("waves", lazy("Questionnaires you were asked to answer"), (), _wave_responses),
        DataCategory("answers", lazy("Your answers to questionnaires"), (), _answers),
        DataCategory("scores", lazy("Scores of your answers"), (), _scores),
        DataCategory("prompts", lazy("When you were asked and reminded to answer"), (), _prompts),
        DataCategory("record", lazy("What is recorded about you for these studies"), (), _record),
        DataCategory(
            "studies_you_run",
            lazy("Studies in which you're a researcher"),
            ("study_researchers.account_id",),
            _run,
        ),
        DataCategory(
            "research_actions",
            lazy("What you did as a researcher, and who made you one and why"),
            ("research_log.by_id", "research_log.about_id"),
            _research_actions,
        ),
        DataCategory(
            "proposed_documents",
            lazy("Consent documents you proposed"),
            ("proposed_documents.by_id",),
            _proposed,
        ),
        DataCategory(
            "releases_asked",
            lazy("Releases you asked for in the last 30 days"),
            ("release_jobs.requested_by_id",),
            _releases,
        ),
    )
    if _tables
    else ()
)
