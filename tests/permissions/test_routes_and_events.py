"""Who gets through each route and event: role x kind of group, against the rows of `matrix_table`.

A route or an event that is not there fails the build.
"""

from uuid import uuid4

import pytest
from flask import Flask

from forum.accounts.identity import public_ids
from forum.core.realtime.socket_events import registry, socketio
from tests.support.permissions import matrix_addresses
from tests.support.permissions.matrix_requests import FILLED_IN, ROWS, TABLE, payload_for
from tests.support.permissions.matrix_table import (
    ACTIVE,
    EVENTS,
    EVERYONE,
    KNOW,
    KNOW_ACTIVE,
    KNOW_PEOPLE,
    PEOPLE,
    READERS,
)
from tests.support.permissions.matrix_world import ROLES, World, build

# What an address with one of these in it names lies in the group; any other is alike for all kinds.
OF_A_GROUP = (
    "slug",
    "thread_id",
    "post_id",
    "meeting_id",
    "series_id",
    "item_id",
    "account_id",
    "/new",
)
REFUSED = {401, 403, 404}


def routes(app: Flask) -> set[str]:
    """Return every route of the application, a method each."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def expected(row: set[str] | str, kind: str) -> set[str]:
    """Return the roles that get through in such a group."""
    if not isinstance(row, str):
        return row
    known = READERS if kind == "hidden" else EVERYONE
    return known & {KNOW: EVERYONE, KNOW_PEOPLE: PEOPLE, KNOW_ACTIVE: ACTIVE}[row]


def gets_through(world: World, client, route: str) -> bool:  # type: ignore[no-untyped-def]
    """Whether a request is answered, be it with a question about its form."""
    method, rule = route.split(" ")
    answer = client.open(
        matrix_addresses.address(world, rule),
        method=method,
        headers={"Accept": "application/json"},
        data={**FILLED_IN, "idempotency_key": uuid4().hex},
    )
    assert answer.status_code < 500, f"{route}: {answer.status_code}"
    return answer.status_code not in REFUSED


def payload_of(event: str, world: World, role: str) -> dict[str, object]:
    """Return what a browser would send with an event about this world."""
    where = {
        "thread_id": world.thread_id,
        "meeting_id": world.meeting_id,
        "conversation_id": world.conversation_id,
        "account_id": public_ids.of(world.host.id),
    }
    return payload_for(event, where, role)


def test_every_route_and_event_is_in_the_table(app: Flask) -> None:
    assert routes(app) == set(TABLE)
    assert len(ROWS) == len(TABLE)  # none is there twice
    assert set(registry) == set(EVENTS)


@pytest.mark.parametrize("kind", ["open", "approval", "hidden"])
def test_everybody_gets_through_where_the_table_says(app: Flask, kind: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    world = build(app, kind, "visible")
    clients = {role: world.client(role) for role in ROLES}
    wrong = []
    for route, row in TABLE.items():
        if kind != "open" and not any(name in route for name in OF_A_GROUP):
            continue
        through = {role for role in ROLES if gets_through(world, clients[role], route)}
        wrong += [
            f"{route}: {role} {'gets' if role in through else 'does not get'} through"
            for role in through ^ expected(row, kind)
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", ["open", "approval", "hidden"])
def test_every_event_answers_whom_the_table_says(app: Flask, kind: str) -> None:
    world = build(app, kind, "visible")
    for event, row in EVENTS.items():
        answered = set()
        for role in ROLES:
            socket = socketio.test_client(app, flask_test_client=world.client(role))
            payload = payload_of(event, world, role)
            answer = socket.emit(event, payload, callback=True) if socket.is_connected() else {}
            # Somebody before has muted this person already.
            if answer and (answer["ok"] or answer["error"]["code"] == "already_done"):
                answered.add(role)
        assert answered == row, event
