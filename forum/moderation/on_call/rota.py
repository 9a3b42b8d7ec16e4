"""The rota: who is on duty when, for a group or the site, and taking a break."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Delete,
    Select,
    Update,
    delete,
    or_,
    select,
    update,
)

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import current_session, transaction
from forum.core.errors import Forbidden, Invalid, NotFound
from forum.core.events import announce
from forum.core.text import stock_reasons
from forum.core.text.alphabets import letters
from forum.core.translation import _
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.on_call import policy
from forum.moderation.on_call.events import BreakTaken
from forum.moderation.on_call.models import OnCallBreak, Shift
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items import transitions

NOTE_MAX, HOURS_MAX, DAYS_AHEAD, SHOWN_MOST = 1_000, 24, 90, 100


@dataclass(frozen=True)
class ShiftView:
    """Somebody's hours; `group` is empty for the whole site."""

    id: int
    handle: str
    group: str
    starts_at: datetime
    ends_at: datetime
    note: str
    own: bool
    now: bool


def groups_on_call(group_ids: Sequence[int | None]) -> set[int | None]:
    """Return which of these groups (None: the site) somebody is on duty for just now."""
    found = _current_shifts(clock.now()).with_only_columns(Shift.group_id).distinct()
    covered = set(current_session().scalars(found))
    return {group_id for group_id in group_ids if None in covered or group_id in covered}


def next_shift(group_id: int | None) -> datetime | None:
    """Return when somebody is on duty for this group next; None while that is unknown."""
    now = clock.now()
    for_it = or_(Shift.group_id.is_(None), Shift.group_id == group_id)
    ahead = (
        select(Shift.starts_at)
        .outerjoin(Group, Group.id == Shift.group_id)
        .where(Shift.starts_at > now, for_it, policy.still_moderates(Shift.account_id))
        .order_by(Shift.starts_at)
        .limit(1)
    )
    return current_session().scalar(ahead)


def shifts_for(viewer: Viewer) -> list[ShiftView]:
    """Return who is on call now and from now on, and the last notes, in groups of the viewer's.

    Raises LoginNeeded, and Forbidden for people who moderate nothing.
    """
    require_moderator(viewer)
    now, me = clock.now(), viewer.sql_id()
    rows = current_session().execute(
        select(Shift, Account.handle, Group.name)
        .join(Account, Account.id == Shift.account_id)
        .outerjoin(Group, Group.id == Shift.group_id)
        .where(Shift.ends_at > now - timedelta(days=1), policy.is_shared_with(me))
        .order_by(Shift.starts_at, Shift.id)
        .limit(SHOWN_MOST)
    )
    return [
        ShiftView(
            shift.id,
            handle,
            name or "",
            shift.starts_at,
            shift.ends_at,
            shift.note,
            own=shift.account_id == viewer.id,
            now=shift.starts_at <= now < shift.ends_at,
        )
        for shift, handle, name in rows
    ]


def moderated_groups(viewer: Viewer) -> list[tuple[int, str]]:
    """Return id and name of the groups that the viewer moderates."""
    found = select(Group.id, Group.name).where(groups.moderates(viewer.sql_id()))
    return [(row.id, row.name) for row in letters.in_order(current_session().execute(found))]


def require_moderator(viewer: Viewer) -> int:
    """Return the id of a moderator of any group. Raises LoginNeeded, Forbidden."""
    me = member_id(viewer)
    if not current_session().scalar(select(queue_policy.moderates_anything(viewer.sql_id()))):
        raise Forbidden(_("Only moderators can see this page."))
    return me


def take_shift(
    viewer: Viewer, group_id: int | None, starts_at: datetime, hours: int, note: str = ""
) -> int:
    """Put oneself on the rota, and return the shift's id. Raises Invalid, Forbidden, NotFound."""
    me = require_moderator(viewer)
    note = text.checked(note, "note", most=NOTE_MAX, name=_("The note"))
    wrong = {}
    if not 1 <= hours <= HOURS_MAX:
        wrong["hours"] = _("Enter a number from 1 to %(most)s.", most=HOURS_MAX)
    ends_at = starts_at + timedelta(hours=max(1, min(hours, HOURS_MAX)))
    now = clock.now()
    if ends_at <= now or starts_at > now + timedelta(days=DAYS_AHEAD):
        wrong["starts_at"] = _("Choose a time within the next %(days)s days.", days=DAYS_AHEAD)
    allowed = (
        viewer.is_administrator if group_id is None else group_id in dict(moderated_groups(viewer))
    )
    if not allowed:
        wrong["group_id"] = _("Choose one of the groups you moderate.")
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        shift = Shift(
            account_id=me, group_id=group_id, starts_at=starts_at, ends_at=ends_at, note=note
        )
        session.add(shift)
        session.flush()
        return shift.id


def leave_note(viewer: Viewer, shift_id: int, note: str) -> None:
    """Change the note of one's own shift, for the next shift. Raises Invalid, NotFound."""
    note = text.checked(note, "note", most=NOTE_MAX, name=_("The note"))
    _change(viewer, update(Shift).values(note=note), shift_id)


def remove_shift(viewer: Viewer, shift_id: int) -> None:
    """Take one's own shift off the rota. Raises NotFound."""
    _change(viewer, delete(Shift), shift_id)


def take_break(viewer: Viewer) -> int:
    """Pass on all that one has claimed, and go off duty; return how many items were passed on.

    Shifts that have not begun stay. For eight hours they are not called to a crisis while there is
    anybody else to call, unless they are on duty by then.
    """
    me, now = member_id(viewer), clock.now()
    with transaction() as session:
        passed_on = transitions.release_claims(session, me, stock_reasons.FOR_A_BREAK)
        own = (Shift.account_id == me, policy.is_running(now))
        session.execute(update(Shift).where(*own).values(ends_at=now))
        resting = insert(OnCallBreak).values(account_id=me, until=now + policy.BREAK_HOLDS)
        session.execute(
            resting.on_conflict_do_update(
                index_elements=["account_id"], set_={"until": resting.excluded.until}
            )
        )
        announce(BreakTaken(me, now))
    return passed_on


def _change(viewer: Viewer, statement: Update | Delete, shift_id: int) -> None:
    me = member_id(viewer)
    with transaction() as session:
        own = statement.where(Shift.id == shift_id, Shift.account_id == me)
        if session.execute(own.returning(Shift.id)).first() is None:
            raise NotFound


def _current_shifts(now: datetime) -> Select[Shift]:
    return (
        select(Shift)
        .outerjoin(Group, Group.id == Shift.group_id)
        .where(policy.is_running(now), policy.still_moderates(Shift.account_id))
    )
