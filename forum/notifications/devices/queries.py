"""Reads about devices that take push messages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from forum.accounts.policy import Viewer, person_id
from forum.core import clock, web_push
from forum.core.db import current_session
from forum.core.errors import NotFound
from forum.notifications.devices import policy
from forum.notifications.devices.models import PushDevice, PushReceipt


@dataclass(frozen=True)
class DeviceView:
    """One of somebody's devices, as they are shown it; `here` is the one that asks."""

    id: int
    name: str
    created_at: datetime
    here: bool


@dataclass(frozen=True)
class Waiting:
    """A device that has not had a delivery yet."""

    id: int
    device: web_push.Device


def devices_of(viewer: Viewer) -> list[DeviceView]:
    """Return one's devices, the one that asks first, then the newest. Raises LoginNeeded."""
    mine = (
        select(PushDevice.id, PushDevice.name, PushDevice.created_at, PushDevice.session_id)
        .where(PushDevice.account_id == person_id(viewer), policy.takes_messages())
        .order_by(PushDevice.id.desc())
    )
    found = [
        DeviceView(row.id, row.name, row.created_at, row.session_id == viewer.session_id)
        for row in current_session().execute(mine)
    ]
    return sorted(found, key=lambda one: not one.here)


def device_of(viewer: Viewer, device_id: int) -> DeviceView:
    """Return one of one's devices. Raises LoginNeeded, and NotFound for anybody else's."""
    found = next((one for one in devices_of(viewer) if one.id == device_id), None)
    if found is None:
        raise NotFound
    return found


def endpoint_of(viewer: Viewer, device_id: int) -> web_push.Device:
    """Return where one's device takes messages. Raises LoginNeeded, NotFound."""
    device_of(viewer, device_id)
    row = current_session().get_one(PushDevice, device_id)
    return web_push.Device(row.endpoint, row.p256dh, row.auth)


def waiting_for(account_id: int, key: str) -> list[Waiting]:
    """Return the devices of an account that have not had this delivery, oldest first."""
    had = select(PushReceipt.device_id).where(
        PushReceipt.device_id == PushDevice.id, PushReceipt.delivery_key == key
    )
    rows = current_session().execute(
        select(PushDevice.id, PushDevice.endpoint, PushDevice.p256dh, PushDevice.auth)
        .where(PushDevice.account_id == account_id, policy.takes_messages(), ~had.exists())
        .order_by(PushDevice.id)
    )
    return [Waiting(row.id, web_push.Device(*row[1:])) for row in rows]


def had_any(account_id: int, key: str) -> bool:
    """Whether a device of an account has had this delivery."""
    had = (
        select(PushReceipt.device_id)
        .join(PushDevice, PushDevice.id == PushReceipt.device_id)
        .where(PushDevice.account_id == account_id, PushReceipt.delivery_key == key)
    )
    return current_session().scalar(had.limit(1)) is not None


def counts() -> list[tuple[str, int]]:
    """Return what to tell the operator of devices, a line and its number each."""
    session, lately = current_session(), clock.now() - timedelta(days=7)
    in_use = select(func.count()).select_from(PushDevice).where(policy.takes_messages())
    people = select(func.count(PushDevice.account_id.distinct())).where(policy.takes_messages())
    reached = in_use.where(PushDevice.sent_at > lately)
    return [
        ("devices that take messages", session.scalar(in_use) or 0),
        ("of these, reached in the last 7 days", session.scalar(reached) or 0),
        ("people with a device", session.scalar(people) or 0),
    ]
