"""A running forum with one group, one thread in it, and people who are connected to it."""

from dataclasses import dataclass

import requests

from forum.accounts.policy import Viewer
from forum.core import db
from tests.support import factories
from tests.support.servers.clients import at_address, cookie_of
from tests.support.servers.real_servers import Server


@dataclass
class OpsWorld:
    """What a test of a running forum starts from."""

    thread_id: int
    people: list[Viewer]
    connections: list[requests.Session]
    cookies: list[str]


def make_ops_world(server: Server, people: int) -> OpsWorld:
    """Make a group, a thread and members in a server's database, and connect the members."""
    db.bind(server.database_url)
    members = [factories.person() for _ in range(people)]
    group_id = factories.group()
    for member in members:
        factories.join(member, group_id)
    thread_id = factories.thread(members[0], group_id).thread_id
    room = OpsWorld(
        thread_id,
        members,
        [at_address(server, member) for member in members],
        [f"forum_session={cookie_of(server, member)}" for member in members],
    )
    db.release_session()
    db.engine().dispose()
    return room


def reply(
    server: Server, room: OpsWorld, who: int, *, key: str, body: str = "Here as well."
) -> requests.Response:
    """Send a reply over HTTP. Raises requests.RequestException when there is no answer."""
    return room.connections[who].post(
        f"{server.url}/threads/{room.thread_id}/replies",
        data={"body": body, "idempotency_key": key},
        timeout=10,
    )
