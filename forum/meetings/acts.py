"""What those who facilitate can do about somebody's turn, by the names that both doors use."""

from collections.abc import Callable, Mapping
from functools import partial

from forum.accounts.policy import Viewer
from forum.meetings import turns

Act = Callable[[Viewer, int, int], None]

ON_TURN: Mapping[str, Act] = {
    "give_turn": turns.give,
    "end_turn": turns.end,
    "earlier": partial(turns.move, by=-1),
    "later": partial(turns.move, by=1),
}
