"""Notifications by web push, to each device on which their reader has turned it on.

A device is told that something is new, and never what: neither of what kind, nor in which group.
"""

import time
from datetime import timedelta

from forum.core import web_push
from forum.core.db import release_session
from forum.notifications.channels.channel import Channel, Gone, Message, Outcome, Retry, Sent
from forum.notifications.devices import policy, queries, service
from forum.notifications.devices.service import Push
from forum.notifications.notification_choices import ALARMS, DIGESTS, PUSH, Choice

ALL_WITHIN_S = 50.0  # see `sender.PATIENCE_S`; what there is no time for is tried again
HOUR_S = 3600
NO_DEVICE = "There is no device any more."
NO_TIME = "The devices before it took too long."


def _send(account_id: int, key: str, message: Message) -> Outcome:
    """Send to the devices that have not had this yet; tried again, the others are passed over."""
    waiting = queries.waiting_for(account_id, key)
    had_any = queries.had_any(account_id, key)
    release_session()
    push, until = _push(key, message), time.monotonic() + ALL_WITHIN_S
    outcomes: list[web_push.Outcome] = []
    for one in waiting:
        if time.monotonic() + web_push.ALL_WITHIN_S > until:
            outcomes.append(web_push.Later(NO_TIME))
            break
        outcomes.append(service.deliver(one.id, one.device, push))
        if isinstance(outcomes[-1], web_push.Taken) and len(waiting) > 1:
            service.note_had(one.id, key)
    return _of_all(outcomes, had_any=had_any)


def _push(key: str, message: Message) -> Push:
    ttl_s, urgency = _how(message.choice)
    return Push(message.subject, message.address, key, ttl_s, urgency)


def _how(choice: Choice) -> tuple[int, web_push.Urgency]:
    """Return for how long a push service tries, and whether it wakes a phone that sleeps."""
    if choice == ALARMS:
        return HOUR_S, "high"  # later the call has gone further
    if choice.pressing:
        return 24 * HOUR_S, "high"
    if choice == DIGESTS:
        return 12 * HOUR_S, "low"
    return 24 * HOUR_S, "normal"


def _of_all(outcomes: list[web_push.Outcome], *, had_any: bool) -> Outcome:
    """Return what came of a delivery: it is over when no device waits for it any longer."""
    taken = had_any or any(isinstance(one, web_push.Taken) for one in outcomes)
    later = [one for one in outcomes if isinstance(one, web_push.Later)]
    if later:
        waits = [one.after for one in later if one.after]
        return Retry(
            later[0].reason, maybe_for_all=not taken, after=max(waits, default=timedelta())
        )
    if taken:
        return Sent()
    refused = next((one for one in outcomes if isinstance(one, web_push.Refused)), None)
    return Gone(refused.reason if refused else NO_DEVICE)


CHANNEL = Channel(name=PUSH, available=web_push.available, reaches=policy.reaches, send=_send)
