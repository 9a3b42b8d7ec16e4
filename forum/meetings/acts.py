"""What those who facilitate can do to one person in a room, by the names that both doors use."""

from collections.abc import Callable, Mapping
from functools import partial

from forum.accounts.policy import Viewer
from forum.meetings import room_people, turns

Act = Callable[[Viewer, int, int], None]

ON_TURN: Mapping[str, Act] = {
    "give_turn": turns.give,
    "end_turn": turns.end,
    "earlier": partial(turns.move, by=-1),
    "later": partial(turns.move, by=1),
}
ON_PERSON: Mapping[str, Act] = {
    "mute": room_people.mute,
    "unmute": room_people.unmute,
    "remove": room_people.remove,
    "let_back": room_people.let_back,
}
