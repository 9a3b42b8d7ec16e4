"""Every write to studies and consents, one function per verb."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, person_id
from forum.activity import recorder, snapshot
from forum.core import clock, text
from forum.core.db import savepoint, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.events import announce
from forum.research import past, queries
from forum.research.events import ConsentWithdrawn
from forum.research.models import (
    CLAUSES,
    CLOSED,
    OPEN,
    PLANNED,
    Consent,
    ConsentDocument,
    Participant,
    Study,
    StudyGroup,
    Visit,
)
from forum.research.releases.models import ReleasedRow

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DOCUMENT_MAX = 20_000


def create_study(
    slug: str, *, title: str, about: str, run_by: str, ethics: str, contact: str, document: str,
    group_ids: Collection[int],
) -> int:  # fmt: skip
    """Plan a study, with the first version of its consent document; return its id.

    Nobody is asked before it is opened. Raises Invalid.
    """
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise Invalid(fields={"slug": "Small letters, digits and single hyphens, up to 60."})
    if not group_ids:
        raise Invalid(fields={"groups": "A study takes place in at least one group."})
    study = Study(
        slug=slug,
        title=text.one_line(title, "title", least=3, most=150),
        about=text.checked(about, "about", least=1, most=5_000),
        run_by=text.one_line(run_by, "run_by", least=1, most=200),
        ethics=text.one_line(ethics, "ethics", least=1, most=200),
        contact=text.one_line(contact, "contact", least=1, most=200),
        state=PLANNED,
        created_at=clock.now(),
    )
    with transaction() as session:
        try:
            with savepoint():
                session.add(study)
                session.flush()
        except IntegrityError as taken:
            raise Invalid(fields={"slug": "There is a study at this address already."}) from taken
        session.add_all(StudyGroup(study_id=study.id, group_id=each) for each in set(group_ids))
        change_document(study.id, document)
        return study.id


def change_document(study_id: int, document: str) -> int:
    """Ask for consent to another text from now on; return its version.

    Earlier consents stay in force for what they said. Raises Invalid, NotFound.
    """
    words = text.checked(document, "document", least=1, most=DOCUMENT_MAX)
    with transaction() as session:
        _locked(session, study_id)
        newest = session.scalar(
            select(func.max(ConsentDocument.version)).where(ConsentDocument.study_id == study_id)
        )
        version = (newest or 0) + 1
        session.add(
            ConsentDocument(study_id=study_id, version=version, text=words, created_at=clock.now())
        )
        return version


def open_study(study_id: int) -> None:
    """Invite the members of its groups. Raises Conflict for one that is not planned, NotFound."""
    with transaction() as session:
        study = _locked(session, study_id)
        if study.state != PLANNED:
            raise Conflict("This study has been opened already.")
        study.state, study.opened_at = OPEN, clock.now()


def close_study(study_id: int) -> None:
    """Record no more for a study, for good; harmless when it is closed. Raises NotFound."""
    with transaction() as session:
        study = _locked(session, study_id)
        if study.state != CLOSED:
            study.state, study.closed_at = CLOSED, clock.now()


def give_consent(
    viewer: Viewer,
    slug: str,
    *,
    version: int,
    clauses: Collection[str],
    at: datetime | None = None,
) -> None:
    """Agree to a version of a study's document, to these clauses and no others.

    It replaces an earlier consent; the same once more changes nothing. Raises LoginNeeded,
    NotFound, Invalid, and Conflict when the study is closed or its document has changed.
    """
    account_id, chosen = person_id(viewer), set(clauses)
    _check(chosen)
    with transaction() as session:
        study = _locked(session, queries.study_for(viewer, slug).study.id)
        view = queries.study_for(viewer, slug)
        if study.state != OPEN:
            raise Conflict("This study takes no more people.")
        if version != view.version:
            raise Conflict("The document has changed in the meantime. Please read it once more.")
        now = _not_before(view.consent, at or clock.now())
        if view.consent:
            kept = {name for name, yes in queries.clauses(view.consent).items() if yes}
            if kept == chosen and view.consent_version == version:
                return
            view.consent.ended_at = now
            session.flush()
        key = view.participant or _new_participant(session, study.id, account_id)
        consent = Consent(
            participant=key,
            document_id=_document_id(session, study.id, version),
            given_at=now,
            **{name: name in chosen for name in CLAUSES},
        )
        session.add(consent)
        session.flush()
        if consent.record:
            recorder.append([recorder.row("consent_given", now, key, consent.id)])
        if consent.past:
            past.include(account_id, study.id, consent, now)


def withdraw(viewer: Viewer, slug: str, *, erase: bool) -> None:
    """Take part no longer: keep what was recorded so far, or erase it with the participant.

    Erasing is possible after a withdrawal that kept it, too. Raises LoginNeeded, NotFound.
    """
    person_id(viewer)
    with transaction() as session:
        study = _locked(session, queries.study_for(viewer, slug).study.id)
        view = queries.study_for(viewer, slug)
        key, consent = view.participant, view.consent
        if key is None:
            return
        now = _not_before(consent, clock.now())
        if consent:
            consent.ended_at = now
            if consent.record and not erase:
                recorder.append([recorder.row("consent_withdrawn", now, key, consent.id)])
            session.execute(delete(Visit).where(Visit.participant == key))
        if erase:
            session.flush()
            # What releases said of it stays out of later ones; the ledger keeps whom to recall.
            gone = update(ReleasedRow).where(ReleasedRow.participant == key)
            session.execute(gone.values(said=[]))
            # Consents and recorded rows go with it, and answers name it no longer.
            session.execute(delete(Participant).where(Participant.key == key))
        if consent or erase:
            announce(ConsentWithdrawn(study.id, key, erase, now))


def write_snapshot(study_id: int, folder: Path) -> None:
    """Write a study's record, as it is at this moment, into a folder. Raises OSError."""
    snapshot.write(folder, queries.participants(study_id), queries.keys(study_id))


def _not_before(consent: Consent | None, at: datetime) -> datetime:
    """Return `at`, or when the consent began, should a clock have been set back since."""
    return max(at, consent.given_at) if consent else at


def _check(chosen: set[str]) -> None:
    if unknown := chosen - set(CLAUSES):
        raise Invalid(fields={"clauses": f"There is no clause {', '.join(sorted(unknown))}."})
    if not chosen:
        raise Invalid(fields={"record": "To take part, please tick what you agree to."})
    if chosen & {"past", "share"} and "record" not in chosen:
        raise Invalid(fields={"record": "The past and sharing need this one, too."})


def _locked(session: Session, study_id: int) -> Study:
    """Return a study; others who agree, withdraw or change it wait for the transaction's end."""
    study = session.scalar(select(Study).where(Study.id == study_id).with_for_update())
    if study is None:
        raise NotFound
    return study


def _document_id(session: Session, study_id: int, version: int) -> int:
    return session.scalars(
        select(ConsentDocument.id).where(
            ConsentDocument.study_id == study_id, ConsentDocument.version == version
        )
    ).one()


def _new_participant(session: Session, study_id: int, account_id: int) -> int:
    key = secrets.randbits(63)
    session.add(Participant(key=key, study_id=study_id, account_id=account_id))
    session.flush()
    return key
