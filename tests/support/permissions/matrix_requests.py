"""What is sent through the doors of the matrix: forms, and events as a browser would send them."""

from collections.abc import Mapping
from datetime import timedelta

from forum.core import clock
from forum.core.web import private_ids
from tests.support.permissions import matrix_table

FIELDS = {
    "thread:seen": ("posts", "reload_version"),
    "conversation:seen": ("number",),
    "meeting:say": ("body", "idempotency_key"),
    "meeting:react": ("kind",),
    "meeting:hand": ("up",),
    "meeting:turn": ("account_id", "action"),
    "meeting:person": ("account_id", "action"),
    "meeting:mode": ("turns_only", "slow_mode_s"),
    "meeting:extend": ("minutes",),
}
# A row for each method of a route.
ROWS = [
    (f"{method} {path}", row)
    for door, row in matrix_table.ROUTES.items()
    for *methods, path in [door.split(" ")]
    for method in methods
]
TABLE = dict(ROWS)
FILLED_IN = {
    "body": "A few words",
    "title": "A title",
    "kind": "hug",
    "role": "member",
    "slow_mode_s": "0",
    "minutes": "5",
    "reason": "unkind",
    "note": "A note",
    "outcome": "nothing",
    "how": "keep",
    "record": "1",
    "on": "0",
    "level": "all",
    "date": "2026-01-01",
    "break_until": (clock.now() + timedelta(days=30)).date().isoformat(),
}


def payload_for(event: str, places: Mapping[str, object], role: str) -> dict[str, object]:
    """Return what a browser would send with an event about these places."""
    if event.startswith("queue:"):
        return {"after": 0}
    if event == "home:join":
        return {}
    if event.startswith("activity:"):
        return {"page": "x.y", "low_ms": 0, "high_ms": 0}
    where = f"{event.split(':', maxsplit=1)[0]}_id"
    filled: dict[str, object] = {
        "number": 1,
        "posts": "1-1",
        "reload_version": 0,
        "body": "A few words",
        "idempotency_key": f"{event}{role}",
        "kind": "hug",
        "up": True,
        "account_id": places["account_id"],
        "action": "mute" if "person" in event else "give_turn",
        "turns_only": False,
        "slow_mode_s": 0,
        "minutes": 5,
    }
    place = places[where]
    if where == "conversation_id":
        place = private_ids.of(int(str(place)))
    return {where: place, **{name: filled[name] for name in FIELDS.get(event, ())}}
