"""Sending what waits: claimed, asked again, handed to its channel outside any transaction, noted.

The process that leads does this in short pieces; `forum worker` does it until nothing is due.
"""

import math
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog

from forum.accounts.queries import spoken_by
from forum.core import clock, metrics
from forum.core.db import release_session
from forum.core.translation import using
from forum.notifications.channels import registry as channels
from forum.notifications.channels.channel import Channel, Gone, Message, Outcome, Retry, Sent
from forum.notifications.notification_choices import CRISIS, URGENCIES
from forum.notifications.outbox import contents, gathering, leases, queries
from forum.notifications.outbox.leases import Claim, Watch
from forum.notifications.outbox.queries import Recipient
from forum.notifications.preferences.quiet_hours import end_of_quiet

PIECE_S = 10.0
PATIENCE_S = 60.0  # for one message; see `core.mail`
PAUSE_S, PAUSE_AT_MOST_S = 15.0, 300.0
PAUSE_OF_CRISIS_AT_MOST_S = 15.0
IN_TIME = timedelta(hours=1)  # before the deadline of what no night delays for longer
IN_A_ROW = 3  # so many people, and what happens to each of them happens to all
log = structlog.get_logger()


class Sender:
    """One worker: what it watches of others, and which channels are resting.

    A channel on which nothing gets through rests for a while, longer each time. What one person's
    mailbox does rests nothing, until the same has happened to several in a row.
    """

    def __init__(self) -> None:
        self._watch = Watch()
        self._rested_at: dict[str, float] = {}
        self._refused: dict[str, set[int]] = {}
        self._pauses: dict[str, float] = {}
        self._at_work = threading.Lock()

    def send_due(self, for_s: float = PIECE_S) -> int:
        """Send what is due, for so long at the most; return how many were taken by a channel."""
        if not self._at_work.acquire(blocking=False):
            return 0
        sent, until = 0, time.monotonic() + for_s
        try:
            if channels.available():
                self._watch.take_back()
            while time.monotonic() < until and (claimed := self._claim()):
                sent += self._send_all(claimed)
        finally:
            for one in channels.all_channels():
                one.rest()
            release_session()
            self._at_work.release()
        return sent

    def _claim(self) -> list[Claim]:
        awake = self._awake(PAUSE_AT_MOST_S)
        if leases.is_due(awake):
            return leases.claim(awake, URGENCIES)
        tried = self._awake(PAUSE_OF_CRISIS_AT_MOST_S)
        return (
            leases.claim(tried, [CRISIS])
            if tried != awake and leases.is_due(tried, [CRISIS])
            else []
        )

    def _awake(self, rest_at_most: float) -> list[str]:
        """Return the channels that have rested enough, for what waits so long at the most."""
        now, names = time.monotonic(), [one.name for one in channels.available()]
        pauses = {name: min(self._pauses.get(name, 0), rest_at_most) for name in names}
        return [name for name in names if now >= self._rested_at.get(name, now) + pauses[name]]

    def _send_all(self, claimed: Sequence[Claim]) -> int:
        """Send these, which have one channel; what there is no time for is given back."""
        sent, until = 0, time.monotonic() + leases.LEASE_S - PATIENCE_S
        channel = channels.named(claimed[0].channel)
        for at, one in enumerate(claimed):
            if time.monotonic() >= until or channel is None or (at and self._comes_later(one)):
                leases.give_back(claimed[at:])
                break
            outcome = self._send_safely(one, channel)
            sent += isinstance(outcome, Sent)
            if isinstance(outcome, Retry) and self._concerns_all(channel, one, outcome):
                self._pause(channel, outcome)
                leases.give_back(claimed[at + 1 :])
                break
            if isinstance(outcome, Sent):
                self._pauses.pop(channel.name, None)
            if isinstance(outcome, Sent | Gone):
                self._refused.pop(channel.name, None)
        return sent

    @staticmethod
    def _comes_later(claimed: Claim) -> bool:
        """Whether this lets somebody pass first who may be in danger: each may take a minute."""
        return claimed.urgency != CRISIS and leases.is_due([claimed.channel], [CRISIS])

    def _concerns_all(self, channel: Channel, claimed: Claim, outcome: Retry) -> bool:
        if not outcome.maybe_for_all:
            return outcome.for_all
        refused = self._refused.setdefault(channel.name, set())
        refused.add(claimed.account_id)
        return len(refused) >= IN_A_ROW

    def _send_safely(self, claimed: Claim, channel: Channel) -> Outcome | None:
        """Send one; what goes wrong with it is tried again later, and keeps back no others."""
        try:
            return self._send(claimed, channel)
        except Exception as problem:
            log.error("not_sent", type=claimed.type, problem=type(problem).__name__)
            release_session()
        try:
            leases.retry_later(claimed)
        except Exception as problem:
            log.error("not_given_back", type=claimed.type, problem=type(problem).__name__)
            release_session()
        return None

    def _send(self, claimed: Claim, channel: Channel) -> Outcome | None:
        """Send one, if it is still to be sent now, and note what came of it."""
        person = queries.recipient(claimed.account_id, channel)
        if person is None:
            leases.drop(claimed)
            return None
        with using(spoken_by(person.language)):
            message = self._ask_again(claimed, channel, person)
            # A process that stood still for a while may have lost it to another.
            is_mine = message is not None and leases.holds(claimed)
            release_session()
            if message is None or not is_mine:
                return None
            outcome = channel.send(claimed.account_id, _key(claimed), message)
        if isinstance(outcome, Sent):
            leases.note_sent(claimed)
        elif isinstance(outcome, Gone):
            leases.fail(claimed)
        elif not leases.retry_later(claimed, outcome.after) and not (
            outcome.for_all or outcome.maybe_for_all
        ):
            channel.gave_up(claimed.account_id)  # else no address is to blame
        metrics.deliveries.labels(channel.name, type(outcome).__name__.lower()).inc()
        if not isinstance(outcome, Sent):
            log.warning("not_delivered", channel=channel.name, reason=outcome.reason)
        return outcome

    def _ask_again(self, claimed: Claim, channel: Channel, person: Recipient) -> Message | None:
        """Return what to say; None where it was dropped or gathered, or waits for a night's end."""
        choice = contents.choice_of(claimed)
        too_late = clock.now() - claimed.created_at > leases.TOLD_WITHIN
        if choice is None or too_late or (person.on_break and not choice.pressing):
            leases.drop(claimed)
            return None
        night = end_of_quiet(clock.now(), person.zone, person.quiet_from, person.quiet_until)
        if night is not None and not choice.pressing:
            deadline = queries.deadline(claimed.notification_id, claimed.type)
            wakes = night if deadline is None else min(night, deadline - IN_TIME)
            if wakes > clock.now():
                leases.postpone(claimed, wakes)
                return None
        message = contents.compose(claimed, channel)
        if message is None:
            leases.drop(claimed)
        elif gathering.has_enough(claimed, channel):
            gathering.gather(claimed)
            return None
        return message

    def _pause(self, channel: Channel, outcome: Retry) -> None:
        pause = min(2 * self._pauses.get(channel.name, PAUSE_S / 2), PAUSE_AT_MOST_S)
        self._pauses[channel.name] = pause
        self._rested_at[channel.name] = time.monotonic()
        self._refused.pop(channel.name, None)
        log.error("channel_rests", channel=channel.name, reason=outcome.reason, seconds=pause)


_here = Sender()


def send_due() -> None:
    """Send for a few seconds what is due, as the server does."""
    _here.send_due()


def send_all_due() -> None:
    """Send until nothing is due, or nothing gets through."""
    _here.send_due(math.inf)


def _key(claimed: Claim) -> str:
    """Return what names a delivery wherever it is tried again."""
    return f"{claimed.id}-{claimed.created_at:%Y%m%d%H%M%S}"
