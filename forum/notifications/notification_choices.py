"""What members choose about: groups of types of notification, and how often they are told where.

A type names its choice in its own file; slices above this one make theirs there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from forum.core.translation import lazy

IN_APP, EMAIL, PUSH = "in_app", "email", "push"
CHANNELS = (IN_APP, EMAIL, PUSH)
AT_ONCE, DAILY, WEEKLY, NEVER = "at_once", "daily", "weekly", "never"
FREQUENCIES = (AT_ONCE, DAILY, WEEKLY, NEVER)
# What is sent first when much waits; the lowest number is the most urgent.
CRISIS, DIRECT, ORDINARY, DIGEST = range(4)
URGENCIES = (CRISIS, DIRECT, ORDINARY, DIGEST)
# Who is asked about a choice: everybody, who moderates a group, or who was ever told of it.
MEMBERS, MODERATORS, TOLD = "members", "moderators", "told"


def _by_default(email: str, push: str) -> Mapping[str, str]:
    """Return how often somebody is told who has chosen nothing, by channel."""
    return MappingProxyType({IN_APP: AT_ONCE, EMAIL: email, PUSH: push})


@dataclass(frozen=True)
class Choice:
    """What one row of the preferences is about; `label` heads it.

    `defaults` are what holds on a channel where nothing was chosen. They reach nobody who has not
    given the channel a way: a confirmed address, or a device that takes pushes. What is `pressing`
    waits for no quiet hours and for no break, and always shows in the list. `at_most` is the most
    often one can be told outside. `asked_of` says whose preferences have this row; what is
    `outside_only` has nothing in the list.
    """

    name: str
    label: str
    defaults: Mapping[str, str] = field(
        default_factory=lambda: _by_default(DAILY, NEVER), hash=False
    )
    pressing: bool = False
    at_most: str = AT_ONCE
    asked_of: str = MEMBERS
    outside_only: bool = False

    @property
    def frequencies(self) -> tuple[str, ...]:
        """How often one can be told by mail or push."""
        return FREQUENCIES[FREQUENCIES.index(self.at_most) :]

    def offered_on(self, channel: str) -> tuple[str, ...]:
        """Return what there is to choose on a channel; in the list a line shows or it does not."""
        if channel != IN_APP:
            return self.frequencies
        return () if self.pressing or self.outside_only else (AT_ONCE, NEVER)


_AT_ONCE = _by_default(AT_ONCE, AT_ONCE)
REPLIES = Choice("replies", lazy("Replies in threads you follow"))
NEW_THREADS = Choice("new_threads", lazy("New threads in groups you watch"))
MENTIONS = Choice("mentions", lazy("Mentions of you"), _AT_ONCE)
REACTIONS = Choice(
    "reactions", lazy("Reactions to your posts"), _by_default(NEVER, NEVER), at_most=DAILY
)
MEETINGS = Choice("meetings", lazy("Meetings you asked to be reminded of"), _AT_ONCE)
DROP_INS = Choice("drop_ins", lazy("Drop-in rooms in groups you watch"), _AT_ONCE)
MESSAGES = Choice("messages", lazy("Messages from moderators"), _AT_ONCE)
PRIVATE_MESSAGES = Choice(
    "private_messages", lazy("Private messages, and requests to write to you"), _AT_ONCE
)
DECISIONS = Choice(
    "decisions", lazy("Decisions about your posts, reports and requests to join"), _AT_ONCE
)
STUDIES = Choice("studies", lazy("Studies in your groups"))
ANNOUNCEMENTS = Choice("announcements", lazy("Announcements by the people who run this site"))
DUTIES = Choice(
    "duties", lazy("Work that waits for you as a moderator"), _AT_ONCE, asked_of=MODERATORS
)
RESEARCH = Choice(
    "research", lazy("Your work as a researcher"), _by_default(AT_ONCE, NEVER), asked_of=TOLD
)
DIGESTS = Choice(
    "digests",
    lazy("Summaries, with what's new in your groups"),
    _by_default(WEEKLY, NEVER),
    at_most=DAILY,
    outside_only=True,
)
QUEUE_SUMMARIES = Choice(
    "queue_summaries",
    lazy("Summaries of what waits for you as a moderator"),
    _by_default(DAILY, NEVER),
    at_most=DAILY,
    asked_of=MODERATORS,
    outside_only=True,
)
SECURITY = Choice("security", lazy("The safety of your account"), _AT_ONCE, pressing=True)
ALARMS = Choice(
    "alarms", lazy("People who may be in danger"), _AT_ONCE, pressing=True, asked_of=MODERATORS
)
# In this order they are in the preferences; slices above have theirs below.
ALL = (
    DIGESTS,
    REPLIES,
    NEW_THREADS,
    MENTIONS,
    REACTIONS,
    MEETINGS,
    DROP_INS,
    MESSAGES,
    PRIVATE_MESSAGES,
    DECISIONS,
    STUDIES,
    ANNOUNCEMENTS,
    DUTIES,
    QUEUE_SUMMARIES,
    ALARMS,
    RESEARCH,
    SECURITY,
)
