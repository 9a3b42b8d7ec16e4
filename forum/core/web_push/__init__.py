"""Sending messages to browsers by web push (RFC 8030), encrypted for each device (RFC 8291).

The push services that carry them belong to the makers of browsers. They learn that somebody's
device gets something from this forum, and when; nothing of what it says, not even how long it is.
"""

from forum.core.web_push.configuration import (
    available,
    init,
    is_allowed,
    key_digest,
    may_reach,
    public_key,
)
from forum.core.web_push.encryption import BadKeys, check_keys
from forum.core.web_push.outcomes import Expired, Later, Outcome, Refused, Taken
from forum.core.web_push.sending import ALL_WITHIN_S, Device, Urgency, deliver

__all__ = [
    "ALL_WITHIN_S",
    "BadKeys",
    "Device",
    "Expired",
    "Later",
    "Outcome",
    "Refused",
    "Taken",
    "Urgency",
    "available",
    "check_keys",
    "deliver",
    "init",
    "is_allowed",
    "key_digest",
    "may_reach",
    "public_key",
]
