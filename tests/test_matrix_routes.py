"""Who gets through each route and event: role x kind of group, against one table.

A route or an event that is not in the table fails the build.
"""

from uuid import uuid4

import pytest
from flask import Flask

from forum.core.realtime import registry, socketio
from forum.meetings.acts import ON_TURN
from forum.moderation.room_acts import ON_PERSON
from tests.matrix import ROLES, World, build

VISITOR, SUSPENDED = {"visitor"}, {"suspended"}
EVERYONE = set(ROLES)
PEOPLE = EVERYONE - VISITOR
ACTIVE = PEOPLE - SUSPENDED
MEMBERS = {"member", "blocked", "blocker", "muter", "author", "facilitator"}
READERS = MEMBERS | {"administrator"}
MEET_AUTHOR = READERS - {"blocked", "blocker", "muter"}
TEND = {"facilitator", "administrator"}
QUEUE = TEND | {"moderator_elsewhere"}  # each sees the entries of their own groups there
ADMINISTRATOR = {"administrator"}
CARING = TEND | {"moderator_elsewhere"}
NOBODY: set[str] = set()
# In an open or approval group; in a hidden one these are only its readers.
KNOW = "whoever may know the group"
KNOW_PEOPLE = "the same, logged in"
KNOW_ACTIVE = "the same, logged in and not suspended"

ON_MESSAGE = "/meetings/<int:meeting_id>/messages/<int:message_id>"
PERSON_THERE = "/meetings/<int:meeting_id>/people/<int:account_id>"
A_TURN, AN_ACT = (f"<any({','.join(names)}):act>" for names in (ON_TURN, ON_PERSON))
TABLE: dict[str, set[str] | str] = {
    "GET /": EVERYONE,
    "GET /healthz": EVERYONE,
    "GET /readyz": EVERYONE,
    "GET /metrics": EVERYONE,  # from this machine only: tests/test_ops_health.py
    "GET /static/<version>/<path:path>": EVERYONE,
    "GET /help-now": EVERYONE,
    "GET /guidelines": EVERYONE,
    "GET /complaints": EVERYONE,
    "POST /appearance": EVERYONE,
    "GET /register": EVERYONE,
    "POST /register": EVERYONE,
    "GET /login": EVERYONE,
    "POST /login": EVERYONE,
    "GET /recover": EVERYONE,
    "POST /recover": EVERYONE,
    "GET /forgot": EVERYONE,
    "POST /forgot": EVERYONE,
    "GET /reset/<token>": EVERYONE,  # a wrong link is told so
    "POST /reset/<token>": EVERYONE,
    "GET /account": PEOPLE,
    "GET /account/email": PEOPLE,
    "POST /account/email": PEOPLE,
    "GET /account/content-notes": PEOPLE,
    "POST /account/content-notes": PEOPLE,
    "GET /account/handle": PEOPLE,
    "POST /account/handle": PEOPLE,
    "GET /account/password": PEOPLE,
    "POST /account/password": PEOPLE,
    "GET /account/people": PEOPLE,
    "GET /account/profile": PEOPLE,
    "POST /account/profile": PEOPLE,
    "GET /account/recovery-codes": PEOPLE,
    "POST /account/recovery-codes": PEOPLE,
    "GET /account/sessions": PEOPLE,
    "GET /account/data": PEOPLE,
    "POST /account/data/download": PEOPLE,
    "GET /account/erase": PEOPLE,
    "POST /account/erase": PEOPLE,  # with the password
    "GET /account/erased": EVERYONE,
    "POST /account/sessions/<int:session_id>/end": NOBODY,  # somebody else's session
    "GET /members/<int:account_id>": READERS,  # of a fellow member
    "GET /groups": EVERYONE,
    "GET /groups/new": ADMINISTRATOR,
    "POST /groups/new": ADMINISTRATOR,
    "GET /groups/<slug>": KNOW,
    "GET /groups/<slug>/about": KNOW,
    "GET /groups/<slug>/join": KNOW,
    "GET /groups/<slug>/leave": KNOW_PEOPLE,
    "GET /groups/<slug>/welcome": MEMBERS,
    "GET /groups/<slug>/members": READERS,
    "GET /groups/<slug>/handles": READERS,
    "GET /groups/<slug>/settings": TEND,
    "POST /groups/<slug>/settings": TEND,
    "GET /groups/<slug>/invitations": TEND,
    "POST /groups/<slug>/invitations": TEND,
    "POST /groups/<slug>/invitations/<int:invitation_id>/withdraw": NOBODY,  # there is none
    "GET /groups/<slug>/requests": TEND,
    "POST /groups/<slug>/requests/<int:account_id>/accept": TEND,
    "POST /groups/<slug>/requests/<int:account_id>/decline": TEND,
    "GET /invitations/<token>": NOBODY,  # there is no such invitation
    "POST /invitations/<token>": NOBODY,
    "GET /groups/<slug>/threads/new": MEMBERS,
    "POST /groups/<slug>/threads/new": MEMBERS,
    "POST /groups/<slug>/threads/draft": KNOW_ACTIVE,
    "GET /threads/<int:thread_id>": READERS,
    "POST /threads/<int:thread_id>/replies": MEMBERS,
    "POST /threads/<int:thread_id>/draft": READERS,
    "POST /threads/<int:thread_id>/watch": READERS,
    "POST /preview": ACTIVE,
    "POST /writing-check": PEOPLE,  # profiles too
    "GET /safety/crisis": CARING,
    "GET /safety/detectors": {"moderator_elsewhere", "administrator"},
    "GET /safety/notes": PEOPLE,
    "GET /safety/notes/<int:note_id>": NOBODY,  # there is none
    "POST /safety/notes/<int:note_id>/answer": NOBODY,
    "POST /safety/notes/<int:note_id>/close": NOBODY,
    "GET /groups/<slug>/care/<int:account_id>": TEND,
    "POST /groups/<slug>/care/<int:account_id>": TEND,
    "GET /bookmarks": ACTIVE,
    "GET /posts/<int:post_id>": MEET_AUTHOR,
    "GET /posts/<int:post_id>/history": TEND,
    "GET /posts/<int:post_id>/decline": TEND,
    "POST /posts/<int:post_id>/approve": TEND,  # a shown one: refused kindly
    "POST /posts/<int:post_id>/decline": TEND,
    "GET /posts/<int:post_id>/edit": {"author"},
    "POST /posts/<int:post_id>/edit": {"author"},
    "GET /posts/<int:post_id>/delete": {"author"},
    "POST /posts/<int:post_id>/bookmark": MEET_AUTHOR,
    "POST /posts/<int:post_id>/reactions": {"member", "facilitator"},  # not one's own post
    "GET /moderation/acts/new": TEND,  # of a post
    "POST /moderation/acts/new": TEND,
    "GET /moderation/reasons": ADMINISTRATOR,
    "POST /moderation/reasons": ADMINISTRATOR,
    "POST /moderation/acts/<int:log_id>/undo": NOBODY,  # nothing was done yet
    "POST /moderation/proposals/<int:proposal_id>": NOBODY,
    "POST /moderation/objections/<int:log_id>": NOBODY,
    "GET /moderation/log": QUEUE,
    "GET /moderation/log.csv": QUEUE,
    "GET /moderation/mine": PEOPLE,
    "POST /moderation/mine/<int:log_id>/object": NOBODY,  # done to somebody else
    "GET /posts/<int:post_id>/report": {"member", "facilitator", "administrator"},
    "POST /posts/<int:post_id>/report": {"member", "facilitator", "administrator"},
    "GET /reports/new": READERS,  # of a fellow member
    "POST /reports/new": READERS,
    "GET /moderation/reports/mine": PEOPLE,
    "GET /moderation": QUEUE,
    "GET /moderation/queue/<int:entry_id>": TEND,
    "POST /moderation/queue/<int:entry_id>/claim": TEND,
    "POST /moderation/queue/<int:entry_id>/hand-over": TEND,
    "POST /moderation/queue/<int:entry_id>/resolve": TEND,
    "POST /moderation/queue/<int:entry_id>/reopen": TEND,
    "GET /moderation/rota": QUEUE,
    "POST /moderation/rota": QUEUE,
    "POST /moderation/rota/<int:shift_id>/note": NOBODY,  # somebody else's hours
    "POST /moderation/rota/<int:shift_id>/remove": NOBODY,
    "GET /moderation/break": QUEUE,
    "POST /moderation/break": QUEUE,
    "GET /groups/<slug>/watch-words": TEND,
    "POST /groups/<slug>/watch-words": TEND,
    "GET /transparency": EVERYONE,
    "GET /notifications": PEOPLE,
    "GET /notifications/<int:notification_id>": NOBODY,  # somebody else's
    "POST /notifications/read": PEOPLE,
    "GET /research": ADMINISTRATOR,  # and whom a study names: tests/test_research_doors.py
    "GET /research/new": ADMINISTRATOR,
    "POST /research/new": ADMINISTRATOR,
    "GET /research/ledger": ADMINISTRATOR,
    "GET /research/ledger/<int:release_id>": NOBODY,  # there is none
    "GET /research/<slug>": NOBODY,  # there is no study at this address
    "GET /research/<slug>/edit": NOBODY,
    "POST /research/<slug>/edit": NOBODY,
    "GET /research/<slug>/document": NOBODY,
    "POST /research/<slug>/document": NOBODY,
    "POST /research/<slug>/open": NOBODY,
    "POST /research/<slug>/close": NOBODY,
    "GET /research/<slug>/researchers": NOBODY,
    "POST /research/<slug>/researchers": NOBODY,
    "POST /research/<slug>/researchers/<int:account_id>/remove": NOBODY,
    "GET /research/<slug>/log": NOBODY,
    "GET /research/<slug>/releases": NOBODY,
    "POST /research/<slug>/releases": NOBODY,
    "GET /research/<slug>/releases/<int:job_id>": NOBODY,
    "GET /research/<slug>/releases/<int:job_id>/download": NOBODY,
    "POST /research/<slug>/releases/<int:job_id>/again": NOBODY,
    "POST /research/<slug>/releases/<int:job_id>/remove": NOBODY,
    "GET /studies/<slug>": NOBODY,  # there is none at this address
    "POST /studies/<slug>/consent": NOBODY,
    "POST /studies/<slug>/withdraw": NOBODY,
    "GET /studies/<slug>/held": NOBODY,
    "POST /activity/reading": NOBODY,  # without a page that was served to them
    "GET /account/calendars": ACTIVE,
    "POST /account/calendars": ACTIVE,
    "POST /account/calendars/<int:calendar_id>/revoke": NOBODY,  # somebody else's
    "GET /calendars/<token>.ics": EVERYONE,  # an address that is not known is gone
    "GET /groups/<slug>/meetings": READERS,
    "GET /groups/<slug>/meetings/new": TEND,
    "POST /groups/<slug>/meetings/new": TEND,
    "GET /meetings/<int:meeting_id>": READERS,
    "POST /meetings/<int:meeting_id>/remind": READERS,
    "GET /meetings/<int:meeting_id>/cancel": TEND,
    "POST /meetings/<int:meeting_id>/cancel": TEND,  # an open one: refused kindly
    "GET /meeting-series/<int:series_id>/edit": TEND,
    "POST /meeting-series/<int:series_id>/edit": TEND,
    "POST /meeting-series/<int:series_id>/cancel": TEND,
    "GET /meetings/<int:meeting_id>/room": READERS,
    "GET /room-messages/<int:message_id>": READERS,
    "GET /meetings/<int:meeting_id>/summary": TEND,
    "POST /meetings/<int:meeting_id>/enter": READERS,
    "POST /meetings/<int:meeting_id>/messages": READERS,
    "POST /meetings/<int:meeting_id>/draft": READERS,
    "POST /meetings/<int:meeting_id>/hand": READERS,
    "POST /meetings/<int:meeting_id>/finished": READERS,
    "POST /meetings/<int:meeting_id>/words": READERS,
    f"POST {ON_MESSAGE}/hide": TEND,
    f"POST {ON_MESSAGE}/restore": TEND,
    f"POST {ON_MESSAGE}/delete": NOBODY,  # what another said
    "POST /meetings/<int:meeting_id>/mode": TEND,
    "POST /meetings/<int:meeting_id>/extend": TEND,
    f"POST {PERSON_THERE}/{A_TURN}": TEND,
    f"POST {PERSON_THERE}/{AN_ACT}": TEND,
    "POST /groups/<slug>/meetings/drop-in": TEND,
    # What changes the world for the rows above comes last.
    "POST /posts/<int:post_id>/hide": TEND,
    "POST /posts/<int:post_id>/restore": TEND,
    "POST /posts/<int:post_id>/delete": {"author"},
    "POST /groups/<slug>/members/<int:account_id>/role": {"administrator"},
    "POST /members/<int:account_id>/mute": READERS,  # somebody whom they have met
    "POST /members/<int:account_id>/unmute": PEOPLE,  # harmless for a stranger
    "POST /members/<int:account_id>/block": READERS,
    "POST /members/<int:account_id>/unblock": PEOPLE,
    "POST /groups/<slug>/members/<int:account_id>/remove": TEND,
    "POST /meetings/<int:meeting_id>/leave": READERS,
    "POST /meetings/<int:meeting_id>/close": TEND,
    "POST /groups/<slug>/join": KNOW_ACTIVE,
    "POST /groups/<slug>/leave": KNOW_PEOPLE,
    "POST /account/sessions/end-others": PEOPLE,
    "POST /account/sessions/end-all": PEOPLE,
    "POST /logout": EVERYONE,
}
EVENTS = {
    "thread:join": READERS,
    "thread:typing": READERS,
    "thread:seen": READERS,
    "thread:leave": EVERYONE - SUSPENDED,
    "meeting:join": READERS,
    "meeting:say": READERS,
    "meeting:typing": READERS,
    "meeting:react": READERS,
    "meeting:word": READERS,
    "meeting:hand": READERS,
    "meeting:finished": READERS,
    "meeting:turn": TEND,
    "meeting:person": TEND,
    "meeting:mode": TEND,
    "meeting:extend": TEND,
    "meeting:leave": READERS,
    "meeting:close": TEND,
    "queue:join": QUEUE,
    "activity:reading": NOBODY,  # without a page that was served to them
}
FIELDS = {
    "thread:seen": ("number",),
    "meeting:say": ("body", "idempotency_key"),
    "meeting:react": ("kind",),
    "meeting:hand": ("up",),
    "meeting:turn": ("account_id", "act"),
    "meeting:person": ("account_id", "act"),
    "meeting:mode": ("turns_only", "slow_mode_s"),
    "meeting:extend": ("minutes",),
}
REFUSED = {401, 403, 404}
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
}


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
    values = {"<slug>": world.slug, "<int:thread_id>": world.thread_id,
              "<int:post_id>": world.post_id, "<int:account_id>": world.host.id, "<token>": "x",
              "<version>": "0", "<path:path>": "css/base.css", "<int:session_id>": 999,
              "<int:notification_id>": 999,
              "<int:log_id>": 999, "<int:proposal_id>": 999,
              "<int:release_id>": 999, "<int:job_id>": 999,
              "<int:invitation_id>": 999, "<int:note_id>": 999,
              "<int:calendar_id>": 999, "<int:series_id>": world.series_id,
              "<int:meeting_id>": world.meeting_id, "<int:message_id>": world.message_id,
              A_TURN: "give_turn", AN_ACT: "mute",
              "<int:entry_id>": world.entry_id, "<int:shift_id>": 999,
              "/moderation/acts/new":
                  f"/moderation/acts/new?on=post&id={world.post_id}&act=content_note",
              "/reports/new": f"/reports/new?kind=member&id={world.host.id}"}  # fmt: skip
    for name, value in values.items():
        rule = rule.replace(name, str(value))
    answer = client.open(
        rule,
        method=method,
        headers={"Accept": "application/json"},
        data={**FILLED_IN, "idempotency_key": uuid4().hex},
    )
    assert answer.status_code < 500, f"{route}: {answer.status_code}"
    return answer.status_code not in REFUSED


def payload_of(event: str, world: World, role: str) -> dict[str, object]:
    """Return what a browser would send with an event."""
    if event.startswith("queue:"):
        return {"after": 0}
    if event.startswith("activity:"):
        return {"page": "x.y", "low_ms": 0, "high_ms": 0}
    where = "meeting_id" if event.startswith("meeting:") else "thread_id"
    filled: dict[str, object] = {
        "number": 1, "body": "A few words", "idempotency_key": f"{event}{role}", "kind": "hug",
        "up": True, "account_id": world.host.id,
        "act": "mute" if "person" in event else "give_turn",
        "turns_only": False, "slow_mode_s": 0, "minutes": 5,
    }  # fmt: skip
    return {where: getattr(world, where), **{name: filled[name] for name in FIELDS.get(event, ())}}


def test_every_route_and_event_is_in_the_table(app: Flask) -> None:
    assert routes(app) == set(TABLE)
    assert set(registry) == set(EVENTS)


@pytest.mark.parametrize("kind", ["open", "approval", "hidden"])
def test_everybody_gets_through_where_the_table_says(app: Flask, kind: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    world = build(app, kind, "visible")
    clients = {role: world.client(role) for role in ROLES}
    wrong = []
    for route, row in TABLE.items():
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
