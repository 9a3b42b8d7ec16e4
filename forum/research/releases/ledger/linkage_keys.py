"""Linkage keys: read for a release, replaced when it is entered in the ledger, and ended."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from forum.core.db import AnyRow, current_session, transaction
from forum.core.errors import Invalid
from forum.core.translation import lazy
from forum.research.events import StudyClosed
from forum.research.models import OPEN, Consent, Participant, Study
from forum.research.queries import latest_consent
from forum.research.releases.ledger.models import LinkageClass, LinkageKey
from forum.research.releases.ledger.released_profiles import LinkedClass

NOT_ASKED = lazy(
    "This study doesn't ask people whether they may be followed across releases. Turn this "
    "on in the study's settings, and try again when enough people have agreed."
)
OVER = lazy("This study is over. The ids by which people were followed ended with it.")


def require_linkage(slug: str, purpose: str) -> None:
    """Raise Invalid where a study cannot follow people, for a release that is to do so."""
    if not purpose.strip():
        return
    study = current_session().scalar(select(Study).where(Study.slug == slug))
    if study is None or not study.linkage:
        raise Invalid(fields={"linkage": NOT_ASKED}, code="linkage_not_asked")
    if study.state != OPEN:
        raise Invalid(fields={"linkage": OVER}, code="study_over")


def linked_classes(slug: str, recipient: str, purpose: str) -> tuple[LinkedClass, ...]:
    """Return the classes that releases for a recipient and purpose follow, in their order."""
    rows = current_session().execute(
        select(LinkageClass.id, LinkageClass.people, LinkageKey.participant, LinkageKey.key)
        .join(LinkageKey, LinkageKey.class_id == LinkageClass.id, isouter=True)
        .where(*_of(slug, recipient, purpose))
        .order_by(LinkageClass.id, LinkageKey.participant)
    )
    found: dict[int, tuple[int, dict[int, str]]] = {}
    for class_id, people, participant, key in rows:
        ids = found.setdefault(class_id, (people, {}))[1]
        if participant is not None:
            ids[participant] = key
    return tuple(LinkedClass(people, ids) for people, ids in found.values())


def replace_linked_classes(
    session: Session, slug: str, recipient: str, purpose: str, now: Sequence[LinkedClass]
) -> None:
    """Follow these people and no others for a recipient and purpose, in the ledger's transaction.

    Keys of people no longer followed are deleted.
    """
    earlier = select(LinkageClass.id).where(*_of(slug, recipient, purpose))
    old = session.scalars(earlier).all()
    session.execute(delete(LinkageKey).where(LinkageKey.class_id.in_(old)))
    session.execute(delete(LinkageClass).where(LinkageClass.id.in_(old)))
    study_id = session.scalars(select(Study.id).where(Study.slug == slug)).one()
    for each in now:
        made = LinkageClass(
            study_id=study_id, recipient=recipient, purpose=purpose, people=len(each.ids)
        )
        session.add(made)
        session.flush()
        rows = [
            {"class_id": made.id, "participant": key, "key": given}
            for key, given in sorted(each.ids.items())
        ]
        session.execute(insert(LinkageKey), rows)


def agreeing_participants(slug: str) -> frozenset[int]:
    """Return the keys of those in a study whose latest consent lets them be followed."""
    mine = (
        select(Participant.key)
        .join(Study, Study.id == Participant.study_id)
        .join(Consent, Consent.id == latest_consent(Participant.key))
        .where(Study.slug == slug, Consent.record, Consent.share, Consent.linkage)
    )
    return frozenset(current_session().scalars(mine))


def own_linkage_keys(participant: int) -> list[AnyRow]:
    """Return (recipient, purpose, key) of every linked release that follows a participant."""
    mine = (
        select(LinkageClass.recipient, LinkageClass.purpose, LinkageKey.key)
        .join(LinkageKey, LinkageKey.class_id == LinkageClass.id)
        .where(LinkageKey.participant == participant)
    )
    return list(current_session().execute(mine.order_by(LinkageClass.id)))


def end_linkage(session: Session, participants: Collection[int]) -> None:
    """Follow these people no longer; belongs inside `transaction()`."""
    session.execute(delete(LinkageKey).where(LinkageKey.participant.in_(participants)))


def end_linkage_of_study(event: StudyClosed) -> None:
    """Follow nobody any longer of a study that was closed."""
    classes = select(LinkageClass.id).where(LinkageClass.study_id == event.study_id)
    with transaction() as session:
        session.execute(delete(LinkageKey).where(LinkageKey.class_id.in_(classes)))
        session.execute(delete(LinkageClass).where(LinkageClass.study_id == event.study_id))


def _of(slug: str, recipient: str, purpose: str) -> tuple[ColumnElement[bool], ...]:
    study = select(Study.id).where(Study.slug == slug).scalar_subquery()
    return (
        LinkageClass.study_id == study,
        LinkageClass.recipient == recipient,
        LinkageClass.purpose == purpose,
    )
