"""Who runs a study: named and unnamed by administrators; `by` None is the operator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, literal, not_, select

from forum.accounts import queries as account_queries
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock, text
from forum.core.db import current_session, transaction
from forum.core.errors import Invalid
from forum.core.events import announce
from forum.core.text.alphabets import letters
from forum.core.translation import _, formats, lazy
from forum.groups import policy as groups
from forum.groups.events import RoleChanged
from forum.groups.models import Group
from forum.research.events import ResearcherNamed, ResearcherRemoved
from forum.research.models import Study, StudyGroup
from forum.research.studies import audit_log, policy, researcher_access
from forum.research.studies.models import Researcher, RoleException

WHY_MAX = 1_000
NOBODY = lazy("There is no account with this username.")


@dataclass(frozen=True)
class NamedResearcher:
    """A researcher, and the studied groups that they moderate without a recorded reason."""

    account_id: int
    handle: str
    named_at: datetime
    two_roles: tuple[str, ...]


def name_researcher(by: Viewer | None, study_id: int, handle: str, why: str = "") -> None:
    """Let somebody see a study as its researcher; harmless for one who does already.

    `why` is needed for a moderator of its groups, and is kept. Raises LoginNeeded, Forbidden,
    NotFound, Invalid.
    """
    policy.require_administrator(by)
    why = text.checked(why, "why", most=WHY_MAX, name=_("The reason"))
    with transaction() as session:
        study = researcher_access.lock_study(session, study_id)
        account_id = account_queries.account_id_of_exact(handle)
        if account_id is None:
            raise Invalid(fields={"handle": NOBODY})
        both = moderated_groups(study_id, account_id)
        if both and not why:
            raise Invalid(fields={"why": _why_needed(both.values())})
        if session.get(Researcher, (study_id, account_id)) is None:
            session.add(Researcher(study_id=study_id, account_id=account_id, named_at=clock.now()))
            session.flush()
            _log("named", study, by, account_id)
            announce(ResearcherNamed(study_id, account_id, clock.now()))
        if both:
            session.add_all(
                RoleException(study_id=study_id, account_id=account_id, group_id=group_id)
                for group_id in both
            )
            audit_log.add_entry(
                "excused",
                study.slug,
                by.id if by else None,
                about_id=account_id,
                reason=why,
                groups=sorted(both),
            )


def remove_researcher(by: Viewer | None, study_id: int, account_id: int) -> None:
    """Close a study to somebody again; harmless where it is. Raises as `name` does."""
    policy.require_administrator(by)
    with transaction() as session:
        study = researcher_access.lock_study(session, study_id)
        gone = delete(Researcher).where(
            Researcher.study_id == study_id, Researcher.account_id == account_id
        )
        if session.execute(gone.returning(Researcher.account_id)).first() is not None:
            _log("unnamed", study, by, account_id)
            announce(ResearcherRemoved(study_id, account_id, clock.now()))


def researchers_of(by: Viewer | None, study_id: int) -> list[NamedResearcher]:
    """Return a study's researchers, in the order in which they were named.

    For administrators alone: researchers see no handles. Raises LoginNeeded, Forbidden.
    """
    policy.require_administrator(by)
    rows = current_session().execute(
        select(Account.id, Account.handle, Researcher.named_at)
        .join(Researcher, Researcher.account_id == Account.id)
        .where(Researcher.study_id == study_id)
        .order_by(Researcher.named_at, Account.id)
    )
    return [
        NamedResearcher(*row, tuple(moderated_groups(study_id, row.id).values())) for row in rows
    ]


def moderated_groups(study_id: int, account_id: int) -> dict[int, str]:
    """Return the studied groups that somebody moderates without a recorded reason, by id."""
    who = literal(account_id)
    rows = current_session().execute(
        select(Group.id, Group.name)
        .join(StudyGroup, StudyGroup.group_id == Group.id)
        .join(Study, Study.id == StudyGroup.study_id)
        .where(Study.id == study_id, groups.moderates(who), not_(policy.has_role_exception(who)))
        .order_by(Group.id)
    )
    return {row.id: row.name for row in letters.in_order(rows)}


def note_role_change(event: RoleChanged) -> None:
    """Note in the log that a study is closed to a researcher who now moderates its group."""
    if event.role not in groups.MODERATING_ROLES:
        return
    who = literal(event.account_id)
    closed = (
        select(Study.slug)
        .join(StudyGroup, StudyGroup.study_id == Study.id)
        .join(Group, Group.id == StudyGroup.group_id)
        .where(
            Group.id == event.group_id, policy.is_named(who), not_(policy.has_role_exception(who))
        )
    )
    for slug in current_session().scalars(closed.order_by(Study.id)).all():
        audit_log.add_entry("two_roles", slug, event.account_id, groups=[event.group_id])


def _why_needed(groups: Iterable[str]) -> str:
    return _(
        "This person moderates %(groups)s. People who moderate a group shouldn't also study it. "
        "If it is right here, say why. Your reason is kept.",
        groups=formats.listed(groups),
    )


def _log(act: str, study: Study, by: Viewer | None, about_id: int) -> None:
    audit_log.add_entry(act, study.slug, by.id if by else None, about_id=about_id)
