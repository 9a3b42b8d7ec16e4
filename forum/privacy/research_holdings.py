"""What is held about one person's part in studies; nothing where the forum has no studies."""

from sqlalchemy import select

from forum.core import parts
from forum.privacy.holding import Holding, Rows

_tables = parts.optional("forum.research.models")
_queries = parts.optional("forum.research.queries")


def _consents(me: int) -> Rows:
    study, consent = _tables.Study, _tables.Consent
    document, participant = _tables.ConsentDocument, _tables.Participant
    return (
        select(
            study.title, document.version, document.text, consent.record, consent.past,
            consent.share, consent.contact, consent.given_at, consent.ended_at,
        )
        .join(participant, participant.key == consent.participant)
        .join(document, document.id == consent.document_id)
        .join(study, study.id == document.study_id)
        .where(participant.account_id == me)
        .order_by(consent.id)
    )  # fmt: skip


def _record(me: int) -> Rows:
    participant, event = _tables.Participant, _queries.ActivityEvent
    return (
        select(_tables.Study.slug.label("study"), *_queries.HELD)
        .join(participant, participant.key == event.participant)
        .join(_tables.Study, _tables.Study.id == participant.study_id)
        .where(participant.account_id == me)
        .order_by(event.at, event.id)
    )


OF_RESEARCH = (
    (
        Holding("consents", "Studies that you take part in, and what you agreed to.",
                ("participants.account_id",), _consents),
        Holding("record", "What is recorded of you for these studies.", (), _record),
    )
    if _tables
    else ()
)  # fmt: skip
