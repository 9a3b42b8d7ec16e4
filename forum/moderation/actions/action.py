"""What every moderation action has: one subclass in one file says all that is particular to it.

The class says who may, on what, and what it asks for; its methods, how the part of the state that
it sets is read, changed and put back. `registry` finds the subclasses; the page of actions, the log
and undo go through it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.errors import Conflict
from forum.core.translation import _, lazy
from forum.core.web.forms import edit_conflicts
from forum.moderation.actions.targets import Target
from forum.moderation.models import AuditLogEntry

State = dict[str, Any]
CHANGED_SINCE = lazy("This has changed since, so it was left as it is.")


@dataclass(frozen=True)
class Given:
    """Why something is done, what the person reads, and the value that the action asks for.

    `shown` is the version of what the form showed of the target.
    """

    reason: str
    message: str
    value: str
    shown: str = ""


@dataclass(frozen=True)
class Change:
    """The part of the target's state that was set, and the action that is undone, if any."""

    before: State
    after: State
    undoes_id: int | None = None


@dataclass(frozen=True)
class Candidate:
    """A post that can be chosen for a thread of its own."""

    id: int
    author: str
    at: datetime
    excerpt: str


@dataclass(frozen=True)
class FormData:
    """What the form of an action shows: a text to change, or what there is to choose from.

    `refusal` says why there is no form.
    """

    text: str = ""
    refusal: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    posts: list[Candidate] = field(default_factory=list)
    pages: int = 1


class Action:
    """One thing that a moderator can do.

    `done` is what the log says of it, `about` what the page says comes of it. `field` names the
    part of the state that it sets, which others may set too; without one it cannot be undone.
    `asks` names the template of `moderation/actions/` with the fields of its form, and `position`
    orders the pages that offer it.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    done: ClassVar[str]
    about: ClassVar[str]
    on: ClassVar[str]
    least: ClassVar[int]
    position: ClassVar[int] = 1_000
    field: ClassVar[str] = ""
    asks: ClassVar[str] = ""
    message_hint: ClassVar[str] = ""
    needs_second: ClassVar[bool] = False
    on_site: ClassVar[bool] = False  # of an account, and not of a membership
    tells_person: ClassVar[bool] = True
    own_alone: ClassVar[bool] = True  # whether one may do it alone to one's own
    needs_reason: ClassVar[bool] = False
    from_above: ClassVar[bool] = False  # on those of lower rank only, however many agree
    by_itself: ClassVar[bool] = False  # what the forum does, and nobody can choose
    on_deleted: ClassVar[bool] = False  # also where a post is deleted, for what its history holds

    @property
    def told(self) -> str:
        """What the person concerned reads of it."""
        return self.done

    def value_of(self, form: Any) -> str:
        """Return what a form holds for it, as `check` takes it."""
        return str(form.get("value", ""))

    def check(self, value: str) -> str:
        """Return what it asks for, fit to keep. Raises Invalid."""
        return value

    def lock_first(
        self, session: Session, viewer: Viewer, target_id: int, value: str
    ) -> tuple[int, str]:
        """Lock what has to be locked before its target; return which target and value those are."""
        return target_id, value

    def reaches_former_member(self, session: Session, account_id: int, group_id: int) -> bool:
        """Whether it is for a person who is not, or no longer, a member of the group."""
        return False

    def people(self, session: Session, target: Target, value: str) -> list[int | None]:
        """Return whose words it is about, or on whom; the first is notified."""
        return [target.person_id]

    def state(self, session: Session, target: Target) -> State:
        """Return the part of the state that it sets, as JSON can keep it."""
        raise NotImplementedError

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return what that is to become by these people's decision. Raises Conflict."""
        raise NotImplementedError

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Bring that to what is wanted. Raises as the verbs of its slice do."""
        raise NotImplementedError

    def fits(self, session: Session, target: Target) -> bool:
        """Whether it would change something now, and is therefore offered."""
        return True

    def changes(self, before: State, after: State) -> bool:
        """Whether it changes anything; else somebody has done it already."""
        return not same(before, after)

    def apply(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        given: Given,
        by_ids: tuple[int, ...],
    ) -> Change:
        """Do it to what is locked; return the state before and after. Raises Conflict."""
        if not self.field:
            return Change({}, {})
        before = self.state(session, target)
        after = self.wanted(session, target, given, by_ids)
        if not self.changes(before, after):
            raise Conflict(_("Someone has already done that."), code="already_done")
        self.put(session, viewer, target, after, given.reason)
        return Change(before, after)

    def lock_again(self, session: Session, entry: AuditLogEntry) -> None:
        """Lock what has to be locked before the target of something that was done."""

    def is_as_left(self, session: Session, target: Target, entry: AuditLogEntry) -> bool:
        """Whether the state is what it has left, and can therefore be undone."""
        return same(self.state(session, target), entry.after)

    def undo(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        entry: AuditLogEntry,
        reason: str,
        *,
        appealed: bool,
    ) -> None:
        """Put back what was before. Raises Conflict where something has changed since.

        For an appeal it may have been put back otherwise.
        """
        now = self.state(session, target)
        if same(now, entry.after):
            self.put(session, viewer, target, entry.before, reason)
        elif not (appealed and same(now, entry.before)):
            raise Conflict(CHANGED_SINCE)

    def form(self, viewer: Viewer, target_id: int, page: int) -> FormData:
        """Return what its form shows. Raises NotFound, Forbidden."""
        return FormData()

    def summary(self, viewer: Viewer, value: str) -> str:
        """Say what it would bring about, to its approver."""
        return ""


class Switch(Action):
    """An action that turns one thing on; the one that turns it off differs in `turns_on`."""

    turns_on: ClassVar[bool] = True

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return the thing on, or off."""
        return {self.field: self.turns_on}

    def fits(self, session: Session, target: Target) -> bool:
        """Whether it is not so already."""
        return self.state(session, target) != {self.field: self.turns_on}


class TextChange(Action):
    """An action that gives a text other words, unless somebody has changed it meanwhile."""

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return the new text. Raises EditConflict."""
        text = str(self.state(session, target)[self.field])
        version = edit_conflicts.version_of(text)
        edit_conflicts.require_unchanged(given.shown, version, {_("The text"): text})
        return {self.field: given.value}

    def summary(self, viewer: Viewer, value: str) -> str:
        """Quote the new text."""
        return f"“{value}”"


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two states are the same; moments count, however they are written."""
    return {**one, "until": moment(one.get("until"))} == {
        **other,
        "until": moment(other.get("until")),
    }


def moment(written: str | None) -> datetime | None:
    """Return a moment that a state holds."""
    return datetime.fromisoformat(written) if written else None
