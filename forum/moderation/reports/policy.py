"""Why something can be reported, and how urgent each reason makes it."""

from forum.core.translation import lazy
from forum.moderation.queue_items.policy import CRISIS, LOW, SOON

HARM_SELF = "harm_self"
REASONS = {
    HARM_SELF: lazy("Someone may harm themselves"),
    "harm_others": lazy("Someone may harm others"),
    "unkind": lazy("It's unkind"),
    "spam": lazy("It's advertising or spam"),
    "privacy": lazy("It gives away who someone is"),
    "other": lazy("Something else"),
}
URGENCY_OF_REASON = {HARM_SELF: CRISIS, "harm_others": SOON, "privacy": SOON, "spam": LOW}
DISTRESSING = {HARM_SELF, "harm_others"}
