"""Who sees a post, on every path: role x group x state x path, against one table."""

from collections.abc import Callable
from typing import Any

from forum.core.realtime.socket_events import socketio
from tests.support.permissions.matrix_world import ROLES, WORDS, World

READ_HERE = {"member", "author", "facilitator", "administrator"}
READ_OPENLY = READ_HERE | {"visitor", "outsider", "left", "suspended", "moderator_elsewhere"}

# The one table: who sees the words of a post in this state, in a group that only members read
# and in one that everybody may read. Nobody else does, on any path.
SEES = {
    ("members", "visible"): READ_HERE,
    ("members", "hidden"): {"author", "facilitator", "administrator"},
    ("members", "held"): {"author", "facilitator", "administrator"},
    ("members", "deleted"): set(),
    ("all", "visible"): READ_OPENLY,
    ("all", "hidden"): {"author", "facilitator", "administrator"},
    ("all", "held"): {"author", "facilitator", "administrator"},
    ("all", "deleted"): set(),
}
NOT_IN_THE_GROUP = {"outsider", "left", "moderator_elsewhere", "administrator"}
# On these paths fewer are served: what is one's own is not news, a suspended person has no socket,
# and only members are notified, or have anything new.
NOT_BY = {
    "notification": set(ROLES) - {"member", "facilitator"},
    "unread_count": {"visitor", "author", *NOT_IN_THE_GROUP},
    "fresh_join": {"suspended"},
    "catch_up": {"suspended"},
    "live": {"suspended"},
}
# Nobody is notified of a pending post but by the queue, and it is unread for nobody.
NO_NEWS_YET = {"notification", "unread_count"}
# Where a deleted post is nobody's, its place is still known to people who would have read it.
PLACE_STAYS = {"permalink"}


def page(world: World, role: str) -> bool:
    """Is it on the thread's page?"""
    answer = world.client(role).get(f"/threads/{world.thread_id}")
    return WORDS in answer.text


def json(world: World, role: str) -> bool:
    """Is it in the thread as JSON?"""
    answer = world.client(role).get(
        f"/threads/{world.thread_id}", headers={"Accept": "application/json"}
    )
    return WORDS in answer.text


def fresh_join(world: World, role: str) -> bool:
    """Is it in what a socket gets that joins now?"""
    return WORDS in _joined(world, role, after=0)


def catch_up(world: World, role: str) -> bool:
    """Is it in what a socket gets that was away since before the post?"""
    return WORDS in _joined(world, role, after=1)


def live(world: World, role: str) -> bool:
    """Was it sent to the socket that had joined in better days, and not taken back after?"""
    shown: dict[int, Any] = {}
    for message in world.received(role):
        if message["name"].startswith("post:"):
            post = message["args"][0]
            shown[post["id"]] = post.get("html")
    return WORDS in str(shown.get(world.post_id))


def _joined(world: World, role: str, after: int) -> str:
    socket = socketio.test_client(world.app, flask_test_client=world.client(role))
    if not socket.is_connected():
        return ""
    where = {"thread_id": world.thread_id, "after": after}
    return str(socket.emit("thread:join", where, callback=True))


def permalink(world: World, role: str) -> bool:
    """Does its address lead to it?"""
    return bool(world.client(role).get(f"/posts/{world.post_id}").status_code == 302)


def notification(world: World, role: str) -> bool:
    """Is it in the list of notifications?"""
    answer = world.client(role).get("/notifications", headers={"Accept": "application/json"})
    if answer.status_code != 200:
        return False
    return any(entry["post_id"] == world.post_id for entry in answer.get_json()["notifications"])


def unread_count(world: World, role: str) -> bool:
    """Does it count as unread on the group's page?"""
    answer = world.client(role).get(f"/groups/{world.slug}", headers={"Accept": "application/json"})
    return bool(
        answer.status_code == 200
        and any(thread["unread"] for thread in answer.get_json()["threads"])
    )


PATHS: tuple[Callable[[World, str], bool], ...] = (
    unread_count,
    page,
    json,
    fresh_join,
    catch_up,
    live,
    permalink,
    notification,
)


def expected(kind: str, state: str, path: str) -> set[str]:
    """Return the roles that are shown the post."""
    who = "all" if kind == "readable_by_all" else "members"
    sees = SEES[who, state]
    if state == "deleted" and path in PLACE_STAYS:
        sees = SEES[who, "visible"]
    if state == "held" and path in NO_NEWS_YET:
        return set()
    return sees - NOT_BY.get(path, set())


def wrong_in(world: World, kind: str, state: str) -> list[str]:
    """Return who sees or misses a post in this state, other than the table says."""
    wrong = []
    for path in PATHS:
        name = path.__name__
        seen = {role for role in ROLES if path(world, role)}
        wrong += [
            f"{role} {'sees' if role in seen else 'misses'} the post by {name}"
            for role in seen ^ expected(kind, state, name)
        ]
    return wrong
