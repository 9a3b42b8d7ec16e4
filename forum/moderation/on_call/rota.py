"""The rota: who is on duty when, for a group or the site, and taking a break."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Delete,
    Integer,
    Select,
    Update,
    and_,
    delete,
    literal,
    not_,
    or_,
    select,
    true,
    update,
)

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, ViewerId, member_id, row_exists
from forum.core import clock, text
from forum.core.db import current_session, this_moment, transaction
from forum.core.errors import Forbidden, Invalid, NotFound
from forum.core.events import announce
from forum.core.text import stock_reasons
from forum.core.text.alphabets import letters
from forum.core.translation import _
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.on_call.events import BreakTaken
from forum.moderation.on_call.models import OnCallBreak, Shift
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items import transitions
from forum.moderation.queue_items.models import QueueItem

NOTE_MAX, HOURS_MAX, DAYS_AHEAD, SHOWN_MOST = 1_000, 24, 90, 100
BREAK_HOLDS = timedelta(hours=8)


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
        .where(Shift.starts_at > now, for_it, _moderates(Shift.account_id))
        .order_by(Shift.starts_at)
        .limit(1)
    )
    return current_session().scalar(ahead)


def accounts_on_call(item_id: int) -> list[int]:
    """Return the accounts to tell of an item: who is on call for it, else who may handle it.

    Moderators on a break are included when there is nobody else at all.
    """
    for those in (on_call_for_item(), not_(rests()), true()):
        if found := handlers(item_id, those):
            return found
    return []


def handlers(item_id: int, *which: ColumnElement[bool]) -> list[int]:
    """Return the accounts that may handle an item, of those of whom this is true.

    The conditions are on Account, and on QueueItem with its Group, if it has one.
    """
    group_id = select(QueueItem.group_id).where(QueueItem.id == item_id).correlate(None)
    some = groups.moderating_accounts(group_id.scalar_subquery())
    found = (
        select(Account.id)
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .join(Account, queue_policy.visible_to(Account.id))
        .where(QueueItem.id == item_id, Account.id.in_(some), *which)
    )
    return list(current_session().scalars(found))


def moderates_group(account_id: int | None, group_id: int) -> bool:
    """Whether this account moderates a group now; nobody does who has left or is suspended."""
    if account_id is None:
        return False
    here = groups.moderates(literal(account_id, Integer))
    return bool(current_session().scalar(select(here).where(Group.id == group_id)))


def moderators_to_tell(group_id: int) -> list[int]:
    """Return who is told of what concerns a group and is no item of its queue.

    That is who is on call for it; else who moderates it; else administrators. Moderators on a break
    are included when there is nobody else at all.
    """
    now = clock.now()
    on_call = row_exists(
        Shift,
        Shift.account_id == Account.id,
        _is_running(now),
        or_(Shift.group_id.is_(None), Shift.group_id == group_id),
    )
    own = or_(groups.belongs(Account.id), not_(accounts.administers(Account.id)))
    found = (
        select(Account.id)
        .select_from(Group)
        .join(Account, groups.moderates(Account.id))
        .where(
            Group.id == group_id,
            Account.id.in_(groups.moderating_accounts(literal(group_id, Integer))),
        )
    )
    for those in (on_call, and_(own, not_(rests())), not_(rests()), true()):
        if told := list(current_session().scalars(found.where(those))):
            return told
    return []


def rests(account_id: ViewerId = Account.id) -> ColumnElement[bool]:
    """Condition: this person takes a break from being called."""
    return row_exists(
        OnCallBreak,
        OnCallBreak.account_id == account_id,
        OnCallBreak.until > this_moment(),
        OnCallBreak.until <= this_moment(BREAK_HOLDS),  # a clock that was ahead keeps nobody away
    )


def moderates_its_group() -> ColumnElement[bool]:
    """Condition on Account and QueueItem: more than an administrator, who moderates every group.

    What concerns the whole site has no other moderators.
    """
    in_group = and_(QueueItem.group_id.is_not(None), groups.belongs(Account.id))
    return or_(QueueItem.group_id.is_(None), not_(accounts.administers(Account.id)), in_group)


def on_call_for_item() -> ColumnElement[bool]:
    """Condition on Account and QueueItem: somebody's shift for its group, or the site, runs now."""
    for_it = or_(Shift.group_id.is_(None), Shift.group_id == QueueItem.group_id)
    return row_exists(Shift, Shift.account_id == Account.id, _is_running(clock.now()), for_it)


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
        .where(Shift.ends_at > now - timedelta(days=1), _shared_with(me))
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
        own = (Shift.account_id == me, _is_running(now))
        session.execute(update(Shift).where(*own).values(ends_at=now))
        resting = insert(OnCallBreak).values(account_id=me, until=now + BREAK_HOLDS)
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
        .where(_is_running(now), _moderates(Shift.account_id))
    )


def _is_running(now: datetime) -> ColumnElement[bool]:
    return and_(Shift.starts_at <= now, Shift.ends_at > now)


def _moderates(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Shift, left-joined with Group: still moderates what the shift is for."""
    in_group = and_(Shift.group_id.is_not(None), groups.moderates(account_id))
    return or_(accounts.administers(account_id), in_group)


def _shared_with(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: may read this shift; the site's hours are for all moderators."""
    in_group = and_(Shift.group_id.is_not(None), groups.moderates(viewer_id))
    return or_(accounts.administers(viewer_id), Shift.group_id.is_(None), in_group)
