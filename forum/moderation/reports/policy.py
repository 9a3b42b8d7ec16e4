"""Why something can be reported, and how urgent each reason makes it."""

from forum.core.translation import lazy
from forum.moderation.queue_items.policy import CRISIS, LOW, SOON

HARM_SELF = "harm_self"
REASONS = {
    HARM_SELF: lazy("Someone may harm themselves"),
    "harm_others": lazy("Someone may harm others"),
    "methods": lazy("It describes ways to harm yourself"),
    "abuse": lazy("It's threatening, abusive or sexual"),
    "pressure": lazy("Someone is pressuring me"),
    "privacy": lazy("It gives away who someone is"),
    "health": lazy("It's dangerous or false advice about health"),
    "illegal": lazy("It may be illegal"),
    "unkind": lazy("It's unkind"),
    "spam": lazy("It's advertising or spam"),
    "other": lazy("Something else"),
}
URGENCY_OF_REASON = {
    HARM_SELF: CRISIS,
    **dict.fromkeys(
        ("harm_others", "methods", "abuse", "pressure", "privacy", "health", "illegal"), SOON
    ),
    "spam": LOW,
}
DISTRESSING = {HARM_SELF, "harm_others", "methods", "abuse"}
