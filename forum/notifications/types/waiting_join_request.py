"""Somebody has asked to join a group, and waits for an answer: its moderators are told."""

from forum.core.translation import lazy
from forum.moderation.bells.bell_times import REQUEST
from forum.notifications.queue_bells import bell

WAITING = bell(
    REQUEST,
    lazy("Someone is waiting to join %(title)s"),
    lazy("Someone is waiting to join a group you moderate."),
)
