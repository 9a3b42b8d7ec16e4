"""The verbs of calls: beginning one, making the steps that are due, and saying "I am here".

Each locks the queue's counter before it reads, so a step is made once, however many processes try.
"""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict
from forum.core.events import announce
from forum.core.translation import _
from forum.moderation.crisis_calls import (
    call_log,
    departures,
    pager,
    queries,
    recipients,
    timing,
)
from forum.moderation.crisis_calls.events import CrisisAcknowledged, PeopleCalled
from forum.moderation.crisis_calls.models import (
    ADMINISTRATORS,
    ON_CALL,
    REPEATED,
    CrisisAcknowledgement,
    CrisisCall,
)
from forum.moderation.on_call import rota
from forum.moderation.on_call.events import BreakTaken
from forum.moderation.queue_items import policy, transitions
from forum.moderation.queue_items.events import CrisisAlertRaised, QueueItemChanged
from forum.moderation.queue_items.models import HANDED_OVER, REOPENED, RESOLVED, QueueItem


def start(event: CrisisAlertRaised) -> None:
    """Call those on duty, and write down when the next steps are due unless somebody comes."""
    with transaction() as session:
        transitions.lock_queue(session)
        item = session.get_one(QueueItem, event.item_id)
        if event.by_id is None:
            _begin(session, item, event.at)
        else:  # a colleague wants more people; whether anybody is there is another matter
            once = _step(item, ON_CALL, event.at, event.at)
            once.called_at, once.page_due_at = event.at, pager.due_from(event.at)
            session.add(once)
            session.flush()
            others = [one for one in recipients.called_at(ON_CALL, item) if one != event.by_id]
            announce(PeopleCalled(item.id, once.id, tuple(others), event.at))


def make_due_calls() -> None:
    """Make every step that is due, one after the other; what nobody needs any longer ends.

    Where whoever was there can help no longer, the calls begin anew first.
    """
    for item_id in departures.items_left():
        _replace(item_id)
    steps = select(CrisisCall.id, CrisisCall.started_at, CrisisCall.due_at)
    ahead = steps.where(*queries.STILL_TO_COME).order_by(CrisisCall.due_at, CrisisCall.id)
    rows = current_session().execute(ahead).all()
    for row in rows:
        now = clock.now()
        if row.started_at > now or row.due_at > now + timing.longest_wait():
            _mend_due_times(now)
            make_due_calls()
            return
        if row.due_at <= now:
            _make(row.id)


def acknowledge(viewer: Viewer, item_id: int) -> None:
    """Say that one is there for somebody who may be in danger; harmless when said already.

    Nobody else is called from then on. Raises NotFound, LoginNeeded, Forbidden, and Conflict for
    what is no crisis or is resolved.
    """
    me, now = member_id(viewer), clock.now()
    with transaction() as session:
        item = transitions.lock_open_item(session, viewer, item_id)
        if item.urgency != policy.CRISIS:
            raise Conflict(_("This isn't a crisis, so nobody is alerted."), code="no_crisis")
        if queries.is_there(queries.people_at(item_id), me):
            return
        session.add(CrisisAcknowledgement(item_id=item_id, account_id=me, at=now))
        session.flush()
        _end(session, item_id, now)
        call_log.log_acknowledgement(session, item, me, now)
        announce(CrisisAcknowledged(item_id, me, now))


def require_visible(viewer: Viewer, item_id: int) -> None:
    """Raise NotFound, LoginNeeded or Forbidden for an item that is not the viewer's to handle."""
    member_id(viewer)
    transitions.visible_item(current_session(), viewer, item_id)


def follow_item(event: QueueItemChanged) -> None:
    """Call anew when somebody passes on a crisis, so nobody is left with no one.

    Who was there for it until it was resolved is not there when it is opened again.
    """
    if event.transition in {RESOLVED, REOPENED}:
        with transaction() as session:
            departures.end_acknowledgements(session, event.item_id, event.at)
    elif event.transition == HANDED_OVER and event.by_id is not None:
        with transaction() as session:
            item = session.get_one(QueueItem, event.item_id)
            _leave(session, item, event.by_id, event.at)


def leave_all(event: BreakTaken) -> None:
    """Call anew wherever somebody was there who takes a break now."""
    row = CrisisAcknowledgement
    theirs = select(row.item_id).where(row.account_id == event.account_id, row.ended_at.is_(None))
    with transaction() as session:
        transitions.lock_queue(session)
        for item in session.scalars(select(QueueItem).where(QueueItem.id.in_(theirs))).all():
            _leave(session, item, event.account_id, event.at)


def _leave(session: Session, item: QueueItem, account_id: int, at: datetime) -> None:
    theirs = CrisisAcknowledgement.account_id == account_id
    departures.end_acknowledgements(session, item.id, at, theirs)
    if item.urgency == policy.CRISIS and not queries.is_attended(session, item, at):
        _begin(session, item, at)


def _replace(item_id: int) -> None:
    """Call anew where somebody was there, or has claimed it, who can help no longer."""
    now = clock.now()
    with transaction() as session:
        transitions.lock_queue(session)
        item = session.get_one(QueueItem, item_id, populate_existing=True)
        departures.end_empty_acknowledgements(session, item_id, now)
        if departures.claim_is_empty(session, item_id):
            transitions.change_item(
                session, item, HANDED_OVER, None, now, claimed_by_id=None, claimed_at=None
            )
        if item.resolved_at is None and not queries.is_attended(session, item, now):
            _begin(session, item, now)


def _begin(session: Session, item: QueueItem, at: datetime) -> None:
    _end(session, item.id, at)
    first = _step(item, ON_CALL, at, at)
    first.called_at = at
    rest = [_step(item, step, at, due_at) for step, due_at in timing.due_times(at).items()]
    session.add_all([first, *rest])
    session.flush()
    _call(session, item, first, at)


def _step(item: QueueItem, step: int, start: datetime, due_at: datetime) -> CrisisCall:
    staffed = bool(rota.groups_on_call([item.group_id]))
    return CrisisCall(item_id=item.id, step=step, staffed=staffed, started_at=start, due_at=due_at)


def _make(call_id: int) -> None:
    """Make one step, unless another process has made it or somebody is there."""
    with transaction() as session:
        transitions.lock_queue(session)
        this = select(CrisisCall).where(CrisisCall.id == call_id, *queries.STILL_TO_COME)
        row = session.scalar(this)
        if row is None:
            return
        now = clock.now()
        item = session.get_one(QueueItem, row.item_id, populate_existing=True)
        if queries.is_attended(session, item, row.started_at):
            _end(session, item.id, now)
            return
        row.called_at = now
        _plan_repeat(session, item, row, now)
        session.flush()
        _call(session, item, row, now)


def _plan_repeat(session: Session, item: QueueItem, row: CrisisCall, now: datetime) -> None:
    """Call everybody once more a while after the last step, or after the last time."""
    due_at = timing.next_repeat(row.started_at, now) if row.step >= ADMINISTRATORS else None
    if due_at is not None:
        session.add(_step(item, REPEATED, row.started_at, due_at))


def _call(session: Session, item: QueueItem, row: CrisisCall, at: datetime) -> None:
    people = recipients.called_at(row.step, item)
    row.page_due_at = pager.due_from(at)
    call_log.log_call(session, item, row.step, at)
    announce(PeopleCalled(item.id, row.id, tuple(people), at))


def _end(session: Session, item_id: int, at: datetime) -> None:
    rest = update(CrisisCall).where(CrisisCall.item_id == item_id, *queries.STILL_TO_COME)
    session.execute(rest.values(ended_at=at).execution_options(synchronize_session="fetch"))


def _mend_due_times(now: datetime) -> None:
    """Make the next step of each call due that began in what is the future now, or waits too long.

    The clock was wrong then, or has been set back since. The steps keep their distances.
    """
    with transaction() as session:
        transitions.lock_queue(session)
        put_off = CrisisCall.due_at > now + timing.longest_wait()
        late = select(CrisisCall).where(
            *queries.STILL_TO_COME, or_(CrisisCall.started_at > now, put_off)
        )
        rows = session.scalars(late.order_by(CrisisCall.step).with_for_update()).all()
        ahead = {row.item_id: row.due_at - now for row in reversed(rows)}
        for row in rows:
            row.due_at -= ahead[row.item_id]
            row.started_at = min(row.started_at, now)
