"""What is said outside the forum: of notifications here, of anything else by who has registered it.

Nothing that people wrote is in it, and neither names nor titles: somebody else may read it first.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from forum.accounts.preferences import content_note_preferences
from forum.core.translation import _
from forum.core.web import private_ids
from forum.notifications.channels.channel import Channel, Message
from forum.notifications.notification_choices import Choice
from forum.notifications.outbox import queries
from forum.notifications.outbox.leases import Claim
from forum.notifications.outbox.queries import Told
from forum.notifications.registry import NotificationType, find


@dataclass(frozen=True, kw_only=True)
class Content:
    """How deliveries without a notification are put into words, such as digests.

    `compose` is given the account, the key of the event and the channel, and returns None where
    nothing is to be said any longer.
    """

    type: str
    choice: Choice
    compose: Callable[[int, str, Channel], Message | None]


# What a mail program makes a link of: in the name of a group it would lead out of a mail of ours.
_ADDRESS = re.compile(r"@|://|\w\.\w")
_contents: dict[str, Content] = {}
_site = ""


def init(site_name: str) -> None:
    """Call the forum by this name from now on."""
    global _site
    _site = site_name


def register(content: Content) -> None:
    """Let this compose deliveries of its type."""
    _contents[content.type] = content


def choice_of(claimed: Claim) -> Choice | None:
    """Return what a delivery is about; None for what this version does not know."""
    if claimed.notification_id is None:
        content = _contents.get(claimed.type)
        return content.choice if content else None
    one = find(claimed.type)
    return one.choice if one else None


def compose(claimed: Claim, channel: Channel) -> Message | None:
    """Return what to say in the language of this job; None when it is no longer to be said."""
    if claimed.notification_id is None:
        content = _contents.get(claimed.type)
        return content.compose(claimed.account_id, claimed.event_key, channel) if content else None
    one = find(claimed.type)
    if one is None:
        return None
    told = queries.told(claimed.account_id, claimed.notification_id, one, channel)
    return _about(one, told) if told else None


def neutral_subject() -> str:
    """Return a subject that tells nothing: of every message, whatever it is about."""
    return _("Something new in %(site)s", site=_site)


def _about(one: NotificationType, told: Told) -> Message:
    paragraphs = [str(one.outside or one.text)]
    if told.moments:
        paragraphs.append(told.moments.in_words())
    if told.group and not _ADDRESS.search(told.group):
        paragraphs.append(_("It is in the group “%(group)s”.", group=told.group))
    if told.content_note:
        paragraphs.append(_note(told.content_note))
    return Message(
        subject=neutral_subject(),
        paragraphs=tuple(paragraphs),
        address=_address(one, told),
        link=_("Open it in %(site)s", site=_site),
        choice=one.choice,
    )


def _note(content_note: str) -> str:
    """Return what is said of a content note, which may hold whatever its author wrote."""
    topics = content_note_preferences.suggested_topics(content_note)
    if topics is None:
        return _("It has a content note.")
    return _("Content note: %(note)s", note=", ".join(topics))


def _address(one: NotificationType, told: Told) -> str:
    """Return where it leads: to open that page marks nothing as read, and needs a login."""
    if told.about_id is not None and one.outside_address:
        return one.outside_address.format(id=told.about_id)
    return f"/notifications/{private_ids.of(told.notification_id)}/open"
