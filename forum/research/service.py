"""What people who are asked to take part in a study do: agree, withdraw, erase, set a time zone."""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from forum.accounts.login.password_confirmation import confirmed
from forum.accounts.policy import Viewer, person_id
from forum.activity import record_writer
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.events import announce
from forum.core.translation import _, lazy
from forum.research import erasure, queries
from forum.research.consent import consent_checks
from forum.research.events import ConsentGiven, ConsentWithdrawn
from forum.research.models import (
    CLAUSES,
    OPEN,
    Consent,
    ConsentDocument,
    Participant,
    Study,
    Visit,
)
from forum.research.recording import backfill
from forum.research.releases.ledger import linkage_keys
from forum.research.releases.ledger.models import LedgerEntry
from forum.research.studies import fields, policy, researcher_access

NOT_ASKED = lazy("This study doesn't ask for this.")
RUNS_IT = lazy("This study names you as a researcher, so you can't take part in it.")


def give_consent(
    viewer: Viewer,
    slug: str,
    *,
    version: int,
    clauses: Collection[str],
    at: datetime | None = None,
) -> bool:
    """Agree to a version of a study's document, to these clauses and no others.

    It replaces an earlier consent; the same once more changes nothing. Return whether it changed
    something. What was done since `at`, for a consent that was given elsewhere, is recorded by
    `past.include`. Raises LoginNeeded, NotFound, Invalid, and Conflict when the study is closed
    or its document has changed.
    """
    account_id, chosen = person_id(viewer), set(clauses)
    _check(chosen)
    with transaction() as session:
        study = researcher_access.lock_study(session, queries.study_for(viewer, slug).study.id)
        view = queries.study_for(viewer, slug)
        if study.state != OPEN or consent_checks.is_study_over(
            study.ends_on, at or clock.now(), study.zone
        ):
            raise Conflict(_("You can no longer join this study."))
        if session.scalar(
            select(Study.id).where(Study.id == study.id, policy.is_named(viewer.sql_id()))
        ):
            raise Conflict(RUNS_IT, code="runs_it")
        if version != view.version:
            raise Conflict(_("The document has changed in the meantime. Please read it again."))
        if unasked := chosen - set(view.clauses):
            raise Invalid(fields=dict.fromkeys(sorted(unasked), NOT_ASKED))
        now = _not_before(view.consent, at or clock.now())
        if view.consent:
            current = {name for name, yes in queries.clauses(view.consent).items() if yes}
            if current == chosen and view.consent_version == version:
                return False
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
        if not consent.linkage:
            linkage_keys.end_linkage(session, [key])
        if consent.record:
            record_writer.append_events(
                [record_writer.event_row("consent_given", now, key, consent.id)]
            )
        if consent.past and at is None:
            backfill.record_missing(key)
        announce(ConsentGiven(study.id, key, now))
        return True


def erase_own(viewer: Viewer, slug: str, password: str) -> None:
    """Withdraw and delete what is held, after the password is confirmed.

    Raises LoginNeeded, NotFound, Invalid for `password`.
    """
    queries.study_for(viewer, slug)
    confirmed(viewer, password)
    withdraw(viewer, slug, erase=True)


def withdraw(viewer: Viewer, slug: str, *, erase: bool, at: datetime | None = None) -> None:
    """Take part no longer: keep what was recorded so far, or erase it with the participant.

    Erasing is possible after a withdrawal that kept it, too. Raises LoginNeeded, NotFound.
    """
    person_id(viewer)
    with transaction() as session:
        study = researcher_access.lock_study(session, queries.study_for(viewer, slug).study.id)
        view = queries.study_for(viewer, slug)
        key, consent = view.participant, view.consent
        if key is None:
            return
        now = max(_not_before(consent, at or clock.now()), _after_releases(slug))
        if consent:
            consent.ended_at = now
            if consent.record and not erase:
                record_writer.append_events(
                    [record_writer.event_row("consent_withdrawn", now, key, consent.id)]
                )
            session.execute(delete(Visit).where(Visit.participant == key))
        if erase:
            session.flush()
            erasure.erase_participants(session, [key])
        if consent or erase:
            announce(ConsentWithdrawn(study.id, key, erase, now))


def set_time_zone(viewer: Viewer, slug: str, zone: str) -> None:
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


def _after_releases(slug: str) -> datetime:
    """Return the moment after a study's last release: who leaves later is recalled from it."""
    made = select(func.max(LedgerEntry.created_at)).where(LedgerEntry.study == slug)
    last = current_session().scalar(made)
    return last + timedelta(microseconds=1) if last else datetime.min.replace(tzinfo=UTC)


def _not_before(consent: Consent | None, at: datetime) -> datetime:
    """Return `at`, or when the consent began, should a clock have been set back since."""
    return max(at, consent.given_at) if consent else at


def _check(chosen: set[str]) -> None:
    if unknown := chosen - set(CLAUSES):
        raise Invalid(
            fields={"clauses": _("There is no clause %(names)s.", names=", ".join(sorted(unknown)))}
        )
    if not chosen:
        raise Invalid(
            fields={
                "record": _(
                    "Choose at least one thing you agree to, or leave the page if you'd rather "
                    "not take part."
                )
            }
        )
    if chosen & {"past", "share", "events"} and "record" not in chosen:
        raise Invalid(
            fields={
                "record": _(
                    "To include past activity or share data, you must also agree to be recorded."
                )
            }
        )
    if "linkage" in chosen and "share" not in chosen:
        raise Invalid(
            fields={
                "share": _(
                    "To have the same number in later releases, you must also agree to share data."
                )
            }
        )


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
