"""A meeting of 300 people in one room of one process: from what one says to the last who hears."""

import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from benchmarks.community import corpus
from benchmarks.community.visitors import Member
from benchmarks.serving.live_updates import bare_emit, once, p99
from benchmarks.tools import load
from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import Server, bare_server, forum_server, running
from benchmarks.tools.sockets import Crowd
from forum.core import clock, db
from forum.groups import service as groups
from forum.meetings.models import Meeting
from forum.meetings.room import service as rooms

PEOPLE = 300
SAID = b'42["meeting:message"'


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield the delay to the last of the people in the room."""
    group_id, people = max(bench.visitors.members.items(), key=lambda one: len(one[1]))
    people = people[:PEOPLE]
    meeting_id = open_room(bench, group_id, people[0])
    messages = 30 if bench.quick else 100
    forum, bare = forum_server(bench.folder, bench.corpus), bare_server(bench.folder)
    with running(forum):
        ours, packet = _meet(forum, meeting_id, people, messages)
    with running(bare):
        theirs, _ = bare_emit(bare, packet.replace(SAID, b'42["post:created"'), messages, PEOPLE)
    yield Figure("a room of 300, p50", bench.kind, "ms", median(ours), median(theirs))
    yield Figure("a room of 300, p99", bench.kind, "ms", p99(ours), p99(theirs), at_most=3.0)


def open_room(bench: Bench, group_id: int, facilitator: Member) -> int:
    """Open a room of a group, and return the meeting's id."""
    from forum.accounts import queries

    db.bind(bench.corpus.database_url)
    groups.set_role(None, group_id, facilitator.account_id, "facilitator")
    viewer = queries.viewer(facilitator.account_id)
    assert viewer
    with db.transaction() as session:
        now = clock.now()
        meeting = Meeting(
            group_id=group_id,
            title="A large one",
            starts_at=now,
            ends_at=now + timedelta(hours=2),
            zone="UTC",
            room_size=PEOPLE + 50,
        )
        session.add(meeting)
        session.flush()
        meeting_id = meeting.id
    rooms.enter_room(viewer, meeting_id)
    db.release_session()
    db.engine().dispose()
    return meeting_id


def _meet(
    server: Server, meeting_id: int, people: list[Member], messages: int
) -> tuple[list[float], bytes]:
    """Return milliseconds for each message, and the packet that was sent."""
    crowd = Crowd(server.port)
    for person in people:
        crowd.add(person.cookie, {"meeting_id": meeting_id, "after": 0}, "meeting:join")
    crowd.settle(3)
    body = " ".join(corpus.SAYINGS[:2])
    delays, packet = [], b""
    for number in range(messages + 5):
        author = people[number % len(people)]
        said = load.request(
            "POST",
            f"/meetings/{meeting_id}/messages",
            author.cookie,
            load.form(body=body, idempotency_key=f"m{number}-{time.time_ns()}"),
            {
                "Accept": "application/json",
                "X-CSRFToken": author.csrf,
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        delay, packet = once(crowd, server.port, said, 201, SAID)
        delays.append(delay)
    crowd.close()
    return delays[5:], packet
