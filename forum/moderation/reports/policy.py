"""Why something can be reported, and how urgent each reason makes it."""

from forum.moderation.queue_items.policy import CRISIS, LOW, SOON

HARM_SELF = "harm_self"
REASONS = {
    HARM_SELF: "Somebody may harm themselves",
    "harm_others": "Somebody may harm others",
    "unkind": "It is unkind",
    "spam": "It is advertising or spam",
    "privacy": "It gives away who somebody is",
    "other": "Something else",
}
URGENCY_OF_REASON = {HARM_SELF: CRISIS, "harm_others": SOON, "privacy": SOON, "spam": LOW}
DISTRESSING = {HARM_SELF, "harm_others"}
