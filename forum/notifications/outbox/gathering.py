"""Nobody is sent more than so much in an hour: what is over it is told together, in one message.

It comes when the hour of the clock is over. What presses is sent at once in any case, and so is
what would come too late, such as that a meeting starts soon.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, select

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.translation import _, ngettext
from forum.notifications.channels.channel import Channel, Message
from forum.notifications.notification_choices import ORDINARY, REPLIES
from forum.notifications.outbox import contents, leases, queries
from forum.notifications.outbox.leases import Claim
from forum.notifications.outbox.models import GATHERED, SENT, WAITING, Delivery
from forum.notifications.registry import NotificationType, all_types, find

TYPE, KEY, HOUR = "more", "more:", "%Y%m%d%H"
AN_HOUR, AFTER_IT = timedelta(hours=1), timedelta(minutes=1)
COUNTED_AT_MOST = 1_000


def has_enough(claimed: Claim, channel: Channel) -> bool:
    """Whether this is over what somebody is sent in an hour."""
    one = find(claimed.type)
    if channel.at_most_an_hour is None or one is None or not _can_wait(one):
        return False
    lately = (
        Delivery.account_id == claimed.account_id,
        Delivery.channel == channel.name,
        Delivery.state == SENT,
        Delivery.ended_at > clock.now() - AN_HOUR,
        Delivery.type.in_([each.name for each in all_types() if _can_wait(each)]),
    )
    sent = current_session().scalar(select(func.count()).select_from(Delivery).where(*lately)) or 0
    return sent >= channel.at_most_an_hour


def gather(claimed: Claim) -> None:
    """Tell of this with others when the hour is over."""
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    together = insert(cast("Table", Delivery.__table__)).values(
        account_id=claimed.account_id,
        channel=claimed.channel,
        event_key=f"{KEY}{hour.astimezone(UTC):{HOUR}}",
        type=TYPE,
        urgency=ORDINARY,
        state=WAITING,
        attempts=0,
        due_at=hour + AN_HOUR + AFTER_IT,
        created_at=now,
    )
    with transaction() as session:
        leases.gather(claimed)
        session.execute(together.on_conflict_do_nothing())


def _can_wait(one: NotificationType) -> bool:
    return not one.choice.pressing and one.timely is None


def _compose(account_id: int, event_key: str, channel: Channel) -> Message | None:
    """Return how many there are that are still to be told; None where there is none."""
    hour = datetime.strptime(event_key.removeprefix(KEY), HOUR).replace(tzinfo=UTC)
    gathered = (
        select(Delivery.type, Delivery.notification_id)
        .where(
            Delivery.account_id == account_id,
            Delivery.channel == channel.name,
            Delivery.state == GATHERED,
            Delivery.ended_at >= hour,
            Delivery.ended_at < hour + AN_HOUR,
        )
        .limit(COUNTED_AT_MOST)
    )
    rows = current_session().execute(gathered).all()
    still = [one for row in rows if (one := _still_told(account_id, row, channel))]
    if not still:
        return None
    ((choice, _times),) = Counter(one.choice for one in still).most_common(1)
    told = ngettext(
        "%(count)s more notification is waiting for you.",
        "%(count)s more notifications are waiting for you.",
        len(still),
    )
    return Message(
        subject=contents.neutral_subject(),
        paragraphs=(told, _("Much was new in a short time, so we tell you of these together.")),
        address="/notifications",
        link=_("See what's new"),
        choice=choice,
    )


def _still_told(account_id: int, row: Any, channel: Channel) -> NotificationType | None:
    one = find(row.type)
    if one is None or queries.told(account_id, row.notification_id, one, channel) is None:
        return None
    return one


# Of what most of it is shows when it is composed; nothing that presses is ever gathered.
CONTENT = contents.Content(type=TYPE, choice=REPLIES, compose=_compose)
