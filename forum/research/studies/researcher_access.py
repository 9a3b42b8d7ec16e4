"""A study as those find it who run it: which they may see, and why not."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from forum.accounts import policy as accounts
from forum.accounts.policy import Viewer, member_id
from forum.core.db import AnyRow, current_session
from forum.core.errors import Forbidden, NotFound
from forum.core.text.alphabets import letters
from forum.core.translation import lazy
from forum.groups.models import Group
from forum.research.models import ConsentDocument, Study, StudyGroup
from forum.research.studies import policy
from forum.research.studies.models import ProposedDocument

TAKES_PART = lazy(
    "You take part in this study yourself, and nobody can both run a study and be in it. You can "
    "stop taking part on its page, or stay in it and leave running it to others. Nobody is told "
    "either way."
)
TWO_ROLES = lazy(
    "You moderate a group in this study. You can see its pages once an administrator has recorded "
    "why you may do both, or once you no longer moderate the group."
)


def study_for(viewer: Viewer, slug: str) -> Study:
    """Return a study for one of its researchers. Raises LoginNeeded, NotFound, Forbidden."""
    study = current_session().scalar(select(Study).where(Study.slug == slug))
    if study is None:
        member_id(viewer)
        raise NotFound
    require_access(viewer, study)
    return study


def require_access(viewer: Viewer, study: Study) -> None:
    """Raise for anyone who does not see a study: LoginNeeded, NotFound, and Forbidden with why."""
    member_id(viewer)
    me = viewer.sql_id()
    if _holds(study, policy.seen_by(me)):
        return
    if not _holds(study, policy.is_named(me)):
        raise NotFound
    if _holds(study, policy.has_two_roles(me)):
        raise Forbidden(TWO_ROLES, code="two_roles")
    raise Forbidden(TAKES_PART, code="takes_part")


def studies_of(viewer: Viewer) -> list[AnyRow]:
    """Return (slug, title, state, open) of the studies that somebody runs or administers.

    `open` is false for one whose pages are closed to them for now. Raises LoginNeeded, Forbidden.
    """
    member_id(viewer)
    me = viewer.sql_id()
    seen = policy.seen_by(me)
    mine = or_(policy.is_named(me), accounts.administers(me))
    rows = select(Study.slug, Study.title, Study.state, seen.label("open"))
    return list(current_session().execute(rows.where(mine).order_by(Study.id.desc())))


def is_researcher(viewer: Viewer) -> bool:
    """Whether any study names this person."""
    named = select(Study.id).where(policy.is_named(viewer.sql_id())).limit(1)
    return current_session().scalar(named) is not None


def groups_of(study_id: int) -> dict[int, str]:
    """Return the names of the groups in which a study takes place now, by id and in order."""
    rows = current_session().execute(
        select(Group.id, Group.name)
        .join(StudyGroup, StudyGroup.group_id == Group.id)
        .where(StudyGroup.study_id == study_id, StudyGroup.left_at.is_(None))
        .order_by(Group.id)
    )
    return {row.id: row.name for row in letters.in_order(rows)}


def newest_document(study_id: int) -> ConsentDocument:
    """Return the version of the consent document that is asked for now."""
    mine = select(ConsentDocument).where(ConsentDocument.study_id == study_id)
    found = current_session().scalars(mine.order_by(ConsentDocument.version.desc())).first()
    assert found is not None  # noqa: S101 - a study is created with its document
    return found


def proposed_document(study_id: int) -> str:
    """Return the text that waits for an administrator, or nothing."""
    mine = select(ProposedDocument.text).where(ProposedDocument.study_id == study_id)
    return current_session().scalar(mine) or ""


def lock_study(session: Session, study_id: int) -> Study:
    """Return a study; others who agree, withdraw or change it wait for the transaction's end.

    Raises NotFound.
    """
    study = session.scalar(select(Study).where(Study.id == study_id).with_for_update())
    if study is None:
        raise NotFound
    return study


def _holds(study: Study, condition: ColumnElement[bool]) -> bool:
    held = select(Study.id).where(Study.id == study.id, condition)
    return current_session().scalar(held) is not None
