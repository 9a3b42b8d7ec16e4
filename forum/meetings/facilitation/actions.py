"""What those who facilitate can do about somebody's turn, by the names that both doors use."""

from collections.abc import Callable, Mapping
from functools import partial

from forum.accounts.policy import Viewer
from forum.meetings.room import speaking_queue

Act = Callable[[Viewer, int, int], None]

ON_TURN: Mapping[str, Act] = {
    "give_turn": speaking_queue.give,
    "end_turn": speaking_queue.end,
    "earlier": partial(speaking_queue.move, by=-1),
    "later": partial(speaking_queue.move, by=1),
}
