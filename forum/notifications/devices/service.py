"""The verbs of devices: adding, removing and trying one, sending to it, forgetting old ones."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.accounts.events import SessionsEnded
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, person_id
from forum.core import clock, ids, web_push
from forum.core.db import release_session, transaction
from forum.core.errors import Busy, Conflict, Gone, Invalid, LoginNeeded, NotFound
from forum.core.translation import lazy
from forum.notifications.devices import payload, policy, queries
from forum.notifications.devices.models import PushDevice, PushReceipt

FIELDS = ("endpoint", "p256dh", "auth")  # as browsers call them
DEVICES_MAX = 10
NAME_MAX = 60
RECEIPTS_KEPT = timedelta(days=7)  # longer than anything is tried again
TEST_TTL_S = 300
UNKNOWN_SERVICE = lazy(
    "This browser gets its push messages from a service that this forum doesn't use. Please try "
    "Chrome, Edge, Firefox or Safari."
)
BAD_KEYS = lazy("Your browser sent something we can't use. Please try once more.")
TOO_MANY = lazy(
    "You have %(count)s devices, which is as many as there can be. Remove one first.",
    count=DEVICES_MAX,
)
EXPIRED = lazy(
    "This device no longer takes push messages, so we removed it. To get them there again, turn "
    "them on in its browser."
)
TEST_FAILED = lazy("The test could not be sent just now. Please try again in a few minutes.")


@dataclass(frozen=True)
class Push:
    """What a device is to show, and how long and how urgently a push service tries."""

    title: str
    address: str
    key: str
    ttl_s: int
    urgency: web_push.Urgency

    @property
    def urgent(self) -> bool:
        """Whether it stays on the screen until somebody looks."""
        return self.urgency == "high"


def add(viewer: Viewer, endpoint: str, p256dh: str, auth: str, name: str) -> int:
    """Send push messages to this browser, which one is using; return the device's id.

    One that is there already stays, and belongs from now on to who is logged in: an address is a
    secret of the browser, so only who uses it knows it. Raises LoginNeeded, Invalid, Conflict, and
    NotFound where the forum sends no push messages.
    """
    account_id = person_id(viewer)
    if not web_push.available():
        raise NotFound
    if viewer.session_id is None:
        raise LoginNeeded
    _check(endpoint, p256dh, auth)
    values = {
        "account_id": account_id,
        "session_id": viewer.session_id,
        "p256dh": p256dh.rstrip("="),
        "auth": auth.rstrip("="),
        "key_digest": web_push.key_digest(),
        "name": name[:NAME_MAX],
    }
    digest = ids.digest(endpoint)
    with transaction() as session:
        session.get(Account, account_id, with_for_update=True)  # two at once are counted in turn
        _forget_others(session, viewer, digest)
        mine = insert(PushDevice).values(
            **values, endpoint=endpoint, endpoint_digest=digest, created_at=clock.now()
        )
        kept = mine.on_conflict_do_update(index_elements=["endpoint_digest"], set_=values)
        device_id = session.scalars(kept.returning(PushDevice.id)).one()
        count = select(func.count()).where(PushDevice.account_id == account_id)
        if (session.scalar(count) or 0) > DEVICES_MAX:
            raise Conflict(TOO_MANY, code="too_many_devices")
        return device_id


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    if not web_push.is_allowed(endpoint):
        raise Invalid(fields={"endpoint": UNKNOWN_SERVICE})
    try:
        web_push.check_keys(p256dh, auth)
    except web_push.BadKeys as problem:
        raise Invalid(fields={"p256dh": BAD_KEYS}) from problem
    release_session()
    try:
        reached = web_push.may_reach(endpoint)
    except OSError:
        return  # nobody knows the name just now; it is asked again whenever something is sent
    if not reached:
        raise Invalid(fields={"endpoint": UNKNOWN_SERVICE})


def _forget_others(session: Session, viewer: Viewer, digest: str) -> None:
    """Forget what the browser that asks had before, and devices that take nothing any more.

    A session has one browser: an older address of it is no longer its own.
    """
    mine = PushDevice.account_id == viewer.id
    this_browser = (PushDevice.session_id == viewer.session_id) & (
        PushDevice.endpoint_digest != digest
    )
    old = delete(PushDevice).where(mine, this_browser | ~policy.takes_messages())
    session.execute(old.execution_options(synchronize_session=False))


def remove(viewer: Viewer, device_id: int) -> None:
    """Send nothing more to one of one's devices. Raises LoginNeeded, NotFound."""
    queries.device_of(viewer, device_id)
    forget(device_id)


def send_test(viewer: Viewer, device_id: int, title: str) -> None:
    """Send one's device what any message looks like.

    Raises LoginNeeded, NotFound, Gone where there is no such device any more, and Busy.
    """
    device = queries.endpoint_of(viewer, device_id)
    release_session()
    test = Push(title, "/notifications/preferences", f"test {device_id}", TEST_TTL_S, "high")
    outcome = deliver(device_id, device, test)
    if isinstance(outcome, web_push.Expired):
        raise Gone(EXPIRED, code="device_gone")
    if not isinstance(outcome, web_push.Taken):
        raise Busy(TEST_FAILED, code="not_sent")


def deliver(device_id: int, device: web_push.Device, push: Push) -> web_push.Outcome:
    """Send to one device, outside any transaction; one that is no more is forgotten."""
    said = payload.words(
        device_id, title=push.title, address=push.address, key=push.key, urgent=push.urgent
    )
    outcome = web_push.deliver(
        device, said, ttl_s=push.ttl_s, urgency=push.urgency, topic=payload.topic(push.key)
    )
    if isinstance(outcome, web_push.Expired):
        forget(device_id)
    elif isinstance(outcome, web_push.Taken):
        with transaction() as session:
            now = update(PushDevice).where(PushDevice.id == device_id).values(sent_at=clock.now())
            session.execute(now.execution_options(synchronize_session=False))
    return outcome


def note_had(device_id: int, key: str) -> None:
    """Note that a device has had a delivery, so trying again for others passes it over."""
    there = select(PushDevice.id).where(PushDevice.id == device_id)
    with transaction() as session:
        if session.scalar(there) is not None:
            had = insert(PushReceipt).values(device_id=device_id, delivery_key=key, at=clock.now())
            session.execute(had.on_conflict_do_nothing())


def forget(device_id: int) -> None:
    """Know of a device no longer."""
    with transaction() as session:
        gone = delete(PushDevice).where(PushDevice.id == device_id)
        session.execute(gone.execution_options(synchronize_session=False))


def forget_sessions(event: SessionsEnded) -> None:
    """Send nothing to browsers in which somebody is no longer logged in."""
    with transaction() as session:
        gone = delete(PushDevice).where(PushDevice.session_id.in_(event.session_ids))
        session.execute(gone.execution_options(synchronize_session=False))


def forget_old() -> None:
    """Forget which device has had what, once nothing is tried again."""
    with transaction() as session:
        session.execute(delete(PushReceipt).where(PushReceipt.at < clock.now() - RECEIPTS_KEPT))
