"""No page asks a question whose work grows with the whole forum: what the databases plan to do."""

import re
from functools import cache, partial

import pytest
from flask import Flask

from forum.core import clock, db
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.messages import queries as message_queries
from forum.moderation.models import PendingAction
from forum.moderation.on_call import recipients as on_call_recipients
from forum.moderation.second_approval import approvers
from forum.threads.broadcasts import recipients
from forum.threads.lists import home_lists
from tests.support.databases.query_plans import asked_by, steps
from tests.support.permissions import matrix_table, matrix_world
from tests.support.permissions.matrix_addresses import address
from tests.support.permissions.matrix_world import World

# Tables of which a forum has more and more rows. Of others there are few, or few at a time.
GROWING = {
    "accounts",
    "activity_events",
    "attendance",
    "bookmarks",
    "care_messages",
    "consents",
    "drafts",
    "login_sessions",
    "meetings",
    "memberships",
    "mentions",
    "audit_log_entries",
    "access_log_entries",
    "notifications",
    "participants",
    "post_reviews",
    "post_revisions",
    "posts",
    "queue_items",
    "queue_transitions",
    "reactions",
    "read_positions",
    "read_ranges",
    "reports",
    "released_rows",
    "room_messages",
    "threads",
}
# Pages on which a table is gone through from its newest row on, until a page is full.
NEWEST_FIRST = {"/moderation/log": "audit_log_entries", "/moderation/log.csv": "audit_log_entries"}
# Gone through from its newest row on, until there is one that the viewer may see.
NEWEST_SEEN = "USING INDEX ix_queue_items_version"
ASKED = ("member", "muter", "facilitator", "administrator")


def pages() -> list[str]:
    """Return the pages that the matrix knows."""
    doors = [door.rsplit(" ", 1) for door in matrix_table.ROUTES]
    return [path for methods, path in doors if "GET" in methods.split()]


def scanned(statement: str) -> set[str]:
    """Return the growing tables that SQLite goes through as a whole."""
    names = dict(re.findall(r"\b(?:FROM|JOIN) (\w+) AS (\w+)", statement))
    aliases = {alias: table for table, alias in names.items()}
    scans = [re.match(r"SCAN (\w+)", step) for step in steps(statement) if NEWEST_SEEN not in step]
    found = [aliases.get(scan[1], scan[1]) for scan in scans if scan]
    return GROWING.intersection(found)


@pytest.fixture
def world(app: Flask) -> World:
    """Return a group with people and things in it."""
    return matrix_world.build(app, "open", "visible", connected=False)


def test_no_page_looks_at_every_row_of_a_table_that_grows(world: World) -> None:
    if db.engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans small tables otherwise")
    found: set[str] = set()
    scans = cache(scanned)  # most pages ask the same about who looks at them
    for role in ASKED:
        client = world.client(role)
        for path in pages():
            for statement in asked_by(partial(client.get, address(world, path))):
                if tables := scans(statement) - {NEWEST_FIRST.get(path)}:
                    found.add(f"{role} {path}: {sorted(tables)}")
    assert not found


BROADCASTS = {
    "who sees a post": recipients.viewers_of_post,
    "who reads a thread": recipients.readers_of_thread,
    "members in a thread": recipients.members_in_thread,
    "who sees a message": message_queries.who_sees,
    "people in a room": people_queries.people_in_room,
    "who waits for a room": people_queries.who_may_see_meeting,
    "who facilitates": people_queries.who_facilitates,
}


@pytest.mark.parametrize("asked", BROADCASTS)
def test_a_broadcast_asks_about_present_people_only(app: Flask, asked: str) -> None:
    if db.engine().dialect.name != "sqlite":
        BROADCASTS[asked](1, {1, 2, 3})  # and here at least it is understood
        return
    statements = asked_by(lambda: BROADCASTS[asked](1, {1, 2, 3}))
    assert statements
    assert not set[str]().union(*map(scanned, statements))


WHO_IS_CALLED = {
    "who is on call": lambda _pending: on_call_recipients.accounts_on_call(1),
    "who may approve": approvers.accounts_that_may_approve,
}


@pytest.mark.parametrize("asked", WHO_IS_CALLED)
def test_few_accounts_are_asked_whether_they_moderate(world: World, asked: str) -> None:
    with db.transaction() as session:
        pending = PendingAction(
            action="ban",
            value="",
            target_kind="person",
            target_id=world.people["member"].id or 0,
            person_id=world.people["member"].id or 0,
            by_id=world.people["facilitator"].id or 0,
            reason="Insults",
            message="",
            created_at=clock.now(),
        )
        session.add(pending)
        session.flush()
        pending_id = pending.id
    if db.engine().dialect.name != "sqlite":
        WHO_IS_CALLED[asked](pending_id)
        return
    statements = asked_by(lambda: WHO_IS_CALLED[asked](pending_id))
    assert statements
    assert not set[str]().union(*map(scanned, statements))


ORDERS = {
    "new": (home_lists._WITH_UNREAD, "ix_threads_group_id_last_post_at_id"),
    "unanswered": (home_lists._UNANSWERED_BY_COUNT, "ix_threads_unanswered"),
}


@pytest.mark.parametrize("asked", ORDERS)
def test_the_first_page_follows_an_index_and_sorts_nothing(app: Flask, asked: str) -> None:
    prepared, index = ORDERS[asked]
    if db.engine().dialect.name == "sqlite":
        (statement,) = asked_by(lambda: prepared.all(me=1, group=1))
        assert any(f"SEARCH threads USING INDEX {index}" in step for step in steps(statement))
        assert not [step for step in steps(statement) if "B-TREE" in step]
        return
    compiled = prepared.statement.compile(dialect=db.engine().dialect)
    named = compiled.construct_params({"me": 1, "group": 1})
    values = tuple(named[name] for name in compiled.positiontup or ())
    with db.engine().connect() as connection:
        for way in ("seqscan", "bitmapscan", "sort"):  # as by itself where tables are large
            connection.exec_driver_sql(f"SET enable_{way} = off")
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {compiled}", values).scalars())
        connection.invalidate()
    assert f"using {index} on threads" in plan
    assert "Sort" not in plan
