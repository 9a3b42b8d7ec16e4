"""The verbs of researchers: plan, change, open, close; `by` None is the operator.

Each change is in the log. People were asked under what a study said when they agreed: once it is
open only administrators change it, groups can leave it and none can come, and another document
asks everybody again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Unpack

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import clock, time_zones
from forum.core.db import savepoint, transaction
from forum.core.errors import Conflict, Forbidden, Invalid, together
from forum.core.events import announce
from forum.core.translation import _, formats, lazy
from forum.core.web.forms import edit_conflicts
from forum.research.consent import consent_checks
from forum.research.events import StudyClosed, StudyDocumentChanged, StudyOpened
from forum.research.models import (
    CLOSED,
    OPEN,
    PLANNED,
    ConsentDocument,
    Study,
    StudyGroup,
)
from forum.research.studies import audit_log, fields, group_withdrawal, policy, researcher_access
from forum.research.studies.fields import Facts
from forum.research.studies.models import ProposedDocument

TAKEN = lazy("There is already a study at this address. Choose another.")
ONLY_LESS = lazy(
    "People agreed to be studied in certain groups. You can remove a group, but you can't add one."
)
ZONE_STAYS = lazy("The study is open, so its time zone can no longer be changed.")
OVER = lazy("This day is over. To end the study today, close it.")
OPENED = lazy("The study has been opened. Only an administrator can change it now.")


def create_study(
    slug: str,
    *,
    document: str,
    group_ids: Collection[int],
    by: Viewer | None = None,
    **facts: Unpack[Facts],
) -> int:
    """Plan a study, with the first version of its consent document; return its id.

    Nobody is asked before it is opened. Raises Invalid for everything that is missing, and
    LoginNeeded or Forbidden for anyone but an administrator.
    """
    policy.require_administrator(by)
    clean = together(
        slug=lambda: fields.slug(slug),
        facts=lambda: fields.validated(dict.fromkeys(fields.LIMITS, "") | {"zone": "UTC"} | facts),
        document=lambda: fields.document(document),
        groups=lambda: fields.groups(group_ids),
    )
    study = Study(slug=slug, **clean["facts"], state=PLANNED, created_at=clock.now())
    with transaction() as session:
        try:
            with savepoint():
                session.add(study)
                session.flush()
        except IntegrityError as taken:
            raise Invalid(fields={"slug": TAKEN}) from taken
        session.add_all(
            StudyGroup(study_id=study.id, group_id=each) for each in sorted(clean["groups"])
        )
        _add_document(session, study.id, clean["document"])
        audit_log.add_entry("planned", slug, by.id if by else None)
        return study.id


def edit_study(
    by: Viewer | None,
    study_id: int,
    *,
    group_ids: Collection[int] | None = None,
    shown: str | None = None,
    **facts: Unpack[Facts],
) -> None:
    """Change what a study says of itself; `shown` is the version that was changed.

    Researchers may while it is planned, apart from its groups. Raises NotFound, Forbidden, Invalid,
    EditConflict.
    """
    with transaction() as session:
        study = lock_changeable(session, by, study_id)
        now = {
            str(fields.NAMES[name]): stored
            for name, stored in facts_of(study).items()
            if name in facts and str(facts[name]) != stored  # type: ignore[literal-required]
        }
        here = researcher_access.groups_of(study_id)
        if group_ids is not None and set(group_ids) != set(here):
            now[str(fields.NAMES["groups"])] = ", ".join(here.values())
        edit_conflicts.require_unchanged(shown, version(study), now)
        clean = fields.validated(facts)
        before = {name: getattr(study, name) for name in clean}
        last = clean.get("ends_on")
        if (
            study.state == OPEN
            and last != study.ends_on
            and consent_checks.is_study_over(last, clock.now(), study.zone)
        ):
            raise Invalid(fields={"ends_on": OVER})
        if study.state != PLANNED and clean.get("zone", study.zone) != study.zone:
            raise Invalid(fields={"zone": ZONE_STAYS})
        changed: dict[str, Any] = {
            name: fields.shown(was) for name, was in before.items() if was != clean[name]
        }
        for name in changed:
            setattr(study, name, clean[name])
        if group_ids is not None and (was := _set_groups(session, by, study, group_ids)):
            changed["groups"] = was
        if changed:
            audit_log.add_entry("changed", study.slug, by.id if by else None, before=changed)


def facts_of(study: Study) -> dict[str, str]:
    """Return what a study says of itself, as a form shows it."""
    return {name: fields.shown(getattr(study, name)) for name in fields.FACTS}


def version(study: Study) -> str:
    """Return the version of what a study says of itself, and of its groups."""
    return edit_conflicts.version_of(facts_of(study), sorted(researcher_access.groups_of(study.id)))


def document_shown(study_id: int) -> str:
    """Return the consent document that is proposed, or else the one that is asked for."""
    return (
        researcher_access.proposed_document(study_id)
        or researcher_access.newest_document(study_id).text
    )


def _require_unchanged_document(study_id: int, words: str, shown: str | None) -> None:
    stored = document_shown(study_id)
    now = {_("The document"): stored} if stored != words else {}
    edit_conflicts.require_unchanged(shown, edit_conflicts.version_of(stored), now)


def change_document(
    study_id: int, document: str, *, by: Viewer | None = None, shown: str | None = None
) -> int:
    """Ask for consent to another text from now on; return its version, or that of the same text.

    Earlier consents stay in force for what they said. Raises Invalid, NotFound, Forbidden.
    """
    words = fields.document(document)
    with transaction() as session:
        study = lock_changeable(session, by, study_id)
        _require_unchanged_document(study_id, words, shown)
        session.execute(delete(ProposedDocument).where(ProposedDocument.study_id == study_id))
        newest = researcher_access.newest_document(study_id)
        if newest.text == words:
            return newest.version
        version = _add_document(session, study_id, words)
        audit_log.add_entry("document_changed", study.slug, by.id if by else None, version=version)
        announce(StudyDocumentChanged(study_id, version, clock.now()))
        return version


def propose_document(by: Viewer, study_id: int, document: str, *, shown: str | None = None) -> None:
    """Keep another text for an administrator to put in force; it replaces an earlier proposal.

    Raises Invalid, LoginNeeded, NotFound, Forbidden.
    """
    words = fields.document(document)
    with transaction() as session:
        study = researcher_access.lock_study(session, study_id)
        researcher_access.require_access(by, study)
        _require_unchanged_document(study_id, words, shown)
        session.execute(delete(ProposedDocument).where(ProposedDocument.study_id == study_id))
        session.add(
            ProposedDocument(study_id=study_id, text=words, by_id=by.id, created_at=clock.now())
        )
        audit_log.add_entry("document_proposed", study.slug, by.id)


def open_study(study_id: int, *, by: Viewer | None = None, at: datetime | None = None) -> None:
    """Invite the members of its groups, or say that they were invited at a moment in the past.

    Raises Conflict for one that is not planned or starts later, NotFound, Forbidden.
    """
    policy.require_administrator(by)
    with transaction() as session:
        study, now = researcher_access.lock_study(session, study_id), at or clock.now()
        if study.state != PLANNED:
            raise Conflict(_("This study has already been opened."))
        if study.starts_on and time_zones.day_at(now, study.zone) < study.starts_on:
            starts = formats.day(study.starts_on)
            raise Conflict(
                _("This study starts on %(day)s. Open it then, or change the day.", day=starts)
            )
        study.state, study.opened_at = OPEN, now
        # People who were invited in the past were shown its document then.
        session.execute(
            update(ConsentDocument)
            .where(ConsentDocument.study_id == study_id, ConsentDocument.created_at > now)
            .values(created_at=now)
        )
        audit_log.add_entry("opened", study.slug, by.id if by else None)
        announce(StudyOpened(study_id, now))


def close_study(study_id: int, *, by: Viewer | None = None) -> None:
    """Record no more for a study, for good; harmless when it is closed.

    Raises NotFound, Forbidden.
    """
    policy.require_administrator(by)
    with transaction() as session:
        _close(researcher_access.lock_study(session, study_id), clock.now(), by)


def close_ended() -> None:
    """Close the studies whose last day is over, as of its end: nothing was recorded since."""
    with transaction() as session:
        ending = select(Study.id).where(Study.state == OPEN, Study.ends_on.is_not(None))
        for study_id in session.scalars(ending.order_by(Study.id)).all():
            study = researcher_access.lock_study(session, study_id)
            if study.ends_on and consent_checks.is_study_over(
                study.ends_on, clock.now(), study.zone
            ):
                end = time_zones.midnight(study.ends_on + timedelta(days=1), study.zone)
                _close(study, end, None)


def lock_changeable(session: Session, by: Viewer | None, study_id: int) -> Study:
    """Return a study that this person may change now. Raises NotFound, LoginNeeded, Forbidden."""
    study = researcher_access.lock_study(session, study_id)
    if by is not None:
        researcher_access.require_access(by, study)
        if study.state != PLANNED and not by.is_administrator:
            raise Forbidden(OPENED)
    return study


def _close(study: Study, at: datetime, by: Viewer | None) -> None:
    if study.state != CLOSED:
        study.state, study.closed_at = CLOSED, at
        audit_log.add_entry("closed", study.slug, by.id if by else None)
        announce(StudyClosed(study.id, at))


def _set_groups(
    session: Session, by: Viewer | None, study: Study, group_ids: Collection[int]
) -> list[int]:
    """Let the study take place in these groups; return those of before if they were others."""
    policy.require_administrator(by)
    wanted = fields.groups(group_ids)
    mine = StudyGroup.study_id == study.id
    now = set(
        session.scalars(select(StudyGroup.group_id).where(mine, StudyGroup.left_at.is_(None)))
    )
    if now == wanted:
        return []
    if study.state != PLANNED:
        if wanted - now:
            raise Invalid(fields={"groups": ONLY_LESS})
        for group_id in sorted(now - wanted):
            group_withdrawal.withdraw_group(study.id, group_id)
        return sorted(now)
    session.execute(delete(StudyGroup).where(mine, StudyGroup.group_id.in_(now - wanted)))
    session.add_all(StudyGroup(study_id=study.id, group_id=each) for each in sorted(wanted - now))
    return sorted(now)


def _add_document(session: Session, study_id: int, words: str) -> int:
    newest = session.scalar(
        select(func.max(ConsentDocument.version)).where(ConsentDocument.study_id == study_id)
    )
    version = (newest or 0) + 1
    session.add(
        ConsentDocument(study_id=study_id, version=version, text=words, created_at=clock.now())
    )
    return version
