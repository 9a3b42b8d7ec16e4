"""What facilitators can do about somebody's turn, by the names that both doors use."""

from collections.abc import Callable, Mapping
from functools import partial

from forum.accounts.policy import Viewer
from forum.meetings.room import speaking_queue

TurnAction = Callable[[Viewer, int, int], None]

TURN_ACTIONS: Mapping[str, TurnAction] = {
    "give_turn": speaking_queue.give_speaking_turn,
    "end_turn": speaking_queue.end_speaking_turn,
    "earlier": partial(speaking_queue.move_in_queue, by=-1),
    "later": partial(speaking_queue.move_in_queue, by=1),
}
