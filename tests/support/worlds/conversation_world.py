"""A group whose members know each other long enough to write in private."""

from datetime import timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import update

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import transaction
from forum.messages import queries, service
from forum.messages.content import queries as content_queries
from forum.messages.conversation_locking import NewMessage, insert_message
from forum.messages.models import ACCEPTED, Conversation, Participant
from forum.messages.requests import asking
from forum.messages.requests import service as requests
from tests.support import factories

POSTS = 3


class ConversationWorld:
    """People by name: `wren` and `robin` have been in a group for long; others as asked for."""

    def __init__(self, app: Flask, number: int = 0) -> None:
        self.app = app
        self.ending = str(number or "")  # of names, where a test has several worlds
        self.group = factories.group(slug=f"evenings{self.ending}", name="Evenings")
        self.people: dict[str, Viewer] = {}
        for name in ("wren", "robin"):
            self.member(name)

    def __getitem__(self, name: str) -> Viewer:
        return self.people[name]

    def id_of(self, name: str) -> int:
        """Return somebody's number."""
        return self.people[name].id or 0

    def member(self, name: str, role: str = "member", *, newcomer: bool = False) -> Viewer:
        """Return a new member of the group; unless a newcomer, one who has been there for long."""
        viewer = self.people[name] = factories.join(
            factories.person(f"{name}{self.ending}"), self.group, role
        )
        if not newcomer:
            settle(viewer, self.group)
        return viewer

    def ask(self, by: str = "wren", to: str = "robin", body: str = "Hello", key: str = "") -> int:
        """Ask for a conversation; return its id."""
        return asking.ask(self[by], self.id_of(to), body=body, idempotency_key=key or uuid4().hex)

    def open(self, one: str = "wren", two: str = "robin") -> int:
        """Return a conversation to which both have agreed."""
        conversation_id = self.ask(one, two)
        requests.accept(self[two], conversation_id)
        return conversation_id

    def send(self, conversation_id: int, by: str = "wren", body: str = "Words") -> int:
        """Write; return the message's number."""
        message_id = service.send_message(
            self[by], conversation_id, body=body, idempotency_key=uuid4().hex
        )
        return int(content_queries.message_of_id(self[by], message_id).number)

    def numbers(self, conversation_id: int, by: str) -> list[int]:
        """Return the numbers of the messages that somebody sees."""
        return [
            row.number for row in content_queries.last_messages(self[by], conversation_id, None)
        ]

    def sees(self, conversation_id: int, by: str) -> bool:
        """Whether a conversation is in somebody's list."""
        return any(row.id == conversation_id for row in queries.conversations(self[by]))


def begin(one: Viewer, two: Viewer, state: str = ACCEPTED, body: str = "Hello") -> int:
    """Return a conversation that there is between any two, however new; `one` wrote first."""
    now, author_id, other_id = clock.now(), one.id or 0, two.id or 0
    pair = sorted((author_id, other_id))
    with transaction() as session:
        there = Conversation(
            lower_id=pair[0],
            higher_id=pair[1],
            state=state,
            asked_by_id=author_id,
            asked_at=now,
            last_message_at=now,
        )
        session.add(there)
        session.flush()
        session.add_all(Participant(conversation_id=there.id, account_id=each) for each in pair)
        session.flush()
        words = NewMessage(author_id, other_id, body, "", uuid4().hex, now, is_request=True)
        insert_message(session, there.id, words)
        return there.id


def say(viewer: Viewer, conversation_id: int, body: str, note: str = "") -> int:
    """Write in a conversation; return the message's id."""
    return service.send_message(
        viewer, conversation_id, body=body, content_note=note, idempotency_key=uuid4().hex
    )


def settle(viewer: Viewer, group_id: int) -> None:
    """Let somebody have been here for a month, and have posted."""
    thread = factories.thread(viewer, group_id)
    for _post in range(POSTS - 1):
        factories.post(viewer, thread.thread_id)
    with transaction() as session:
        session.execute(
            update(Account)
            .where(Account.id == viewer.id)
            .values(created_at=clock.now() - timedelta(days=30))
        )
