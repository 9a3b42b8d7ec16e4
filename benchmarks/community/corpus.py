"""A seeded community in a database: 1,010 members, 300 threads, some 7,000 posts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text

from forum.accounts.identity import handles
from forum.accounts.models import Account
from forum.core import db, ids
from forum.core import text as words
from forum.core.db import engines
from forum.groups.models import Group, Membership
from forum.groups.reaction_types import REACTIONS
from forum.threads.models import Post, Reaction, Thread
from forum.threads.reader.models import Bookmark, ReadPosition

SEED = 2008
BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
GROUPS = ("Depression", "Anxiety", "Bereavement", "Chronic illness", "New parents", "Sleep")
LONG_THREADS, LONG_LENGTH = 5, 200
SAYINGS = (
    "I read this twice and it helped me more than I can say.",
    "Some days getting up is already the whole list, and that counts.",
    "My sister asked how I am and for once I told her the truth.",
    "It was **three in the morning** again, and I thought of all of you.",
    "What worked for me was a short walk before breakfast, even in the rain.",
    "Nobody tells you that grief is also paperwork.",
    "I am not sure whether this is a step forward or just a quieter day.",
    "Does anyone else feel tired right after something *good* happens?",
    "Thank you for asking; it made me stop and think about it.",
    "The new tablets took about five weeks, so please do not lose heart yet.",
    "I wrote it on a card and put it beside the kettle.",
    "We went to the sea, we said very little, and it was right.",
)


@dataclass(frozen=True)
class Corpus:
    """Where a community is, and the key that its cookies are signed with."""

    database_url: str
    secret_key: str


@dataclass(frozen=True)
class Size:
    """How large a community is made."""

    members: int = 1_010
    threads: int = 300
    groups_each: int = 2


def make(size: Size) -> None:
    """Fill the empty, migrated database that is bound."""
    chance = random.Random(SEED)
    members = range(1, size.members + 1)
    belonging = {group: list[int]() for group in range(1, len(GROUPS) + 1)}
    for member in members:
        for group in chance.sample(sorted(belonging), size.groups_each):
            belonging[group].append(member)
    threads = list(_threads(chance, size, belonging))
    with engines.writing(db.engine()) as connection:
        _fill(connection, Account, (_account(member) for member in members))
        _fill(connection, Group, (_group(group, belonging[group], threads) for group in belonging))
        _fill(
            connection,
            Membership,
            (
                {"account_id": member, "group_id": group, "joined_at": BEGAN, "new_since": BEGAN}
                for group, people in belonging.items()
                for member in people
            ),
        )
        _fill(connection, Thread, threads)
        posts = list(_posts(chance, threads, belonging))
        _fill(connection, Post, posts)
        _fill(
            connection,
            Reaction,
            (
                {"post_id": post["id"], "account_id": giver, "kind": kind, "created_at": BEGAN}
                for post in posts
                for giver, kind in enumerate(post["reactions"], 1)
            ),
        )
        _fill(connection, ReadPosition, _marks(chance, threads, belonging))
        _fill(
            connection,
            Bookmark,
            (
                {"account_id": post["author_id"], "post_id": post["id"], "created_at": BEGAN}
                for post in posts[::20]
            ),
        )
        follow_sequences(connection)
    db.release_session()


def follow_sequences(connection: Connection) -> None:
    """Let PostgreSQL count on from the ids that were given, and know its tables as it soon would.

    SQLite gathers no statistics by itself, and the forum does not ask it to.
    """
    if connection.dialect.name == "postgresql":
        for table in ("accounts", "groups", "threads", "posts"):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
            )
        connection.execute(text("ANALYZE"))


def body(chance: random.Random) -> str:
    """Return a post of some 430 characters of Markdown, in a few paragraphs."""
    said = [chance.choice(SAYINGS) for _ in range(chance.randint(2, 12))]
    return "\n\n".join(" ".join(said[at : at + 4]) for at in range(0, len(said), 4))


def _account(member: int) -> dict[str, Any]:
    handle = f"quiet-river-{member}"
    return {
        "id": member,
        "public_id": ids.public_id(),
        **handles.columns(handle),
        "password_hash": "!",
        "created_at": BEGAN,
    }


def _group(group: int, people: list[int], threads: list[dict[str, Any]]) -> dict[str, Any]:
    name = GROUPS[group - 1]
    return {
        "id": group,
        "slug": name.lower().replace(" ", "-"),
        "name": name,
        "created_at": BEGAN,
        "description": f"{name}: a place to listen and to be heard.",
        "member_count": len(people),
        "thread_count": sum(thread["group_id"] == group for thread in threads),
    }


def _threads(
    chance: random.Random, size: Size, belonging: dict[int, list[int]]
) -> Iterator[dict[str, Any]]:
    for number in range(1, size.threads + 1):
        length = LONG_LENGTH if number <= LONG_THREADS else chance.randint(10, 31)
        group = number % len(GROUPS) + 1
        started = BEGAN + timedelta(minutes=chance.randint(0, 200_000))
        yield {
            "id": number,
            "group_id": group,
            "author_id": chance.choice(belonging[group]),
            "title": chance.choice(SAYINGS)[:100],
            "version": length,
            "last_number": length,
            "post_count": length,
            "created_at": started,
            "last_post_at": started + timedelta(minutes=7 * length),
        }


def _posts(
    chance: random.Random, threads: list[dict[str, Any]], belonging: dict[int, list[int]]
) -> Iterator[dict[str, Any]]:
    post_id = 0
    for thread in threads:
        for number in range(1, thread["last_number"] + 1):
            post_id, said = post_id + 1, body(chance)
            author = chance.choice(belonging[thread["group_id"]])
            yield {
                "id": post_id,
                "thread_id": thread["id"],
                "number": number,
                "version": number,
                "author_id": thread["author_id"] if number == 1 else author,
                "body": said,
                "html": words.render(said),
                "renderer": words.RENDERER_VERSION,
                "reactions": {kind: 1 for kind in REACTIONS if chance.random() < 0.1},
                "created_at": thread["created_at"] + timedelta(minutes=7 * number),
            }


def _marks(
    chance: random.Random, threads: list[dict[str, Any]], belonging: dict[int, list[int]]
) -> Iterator[dict[str, Any]]:
    for thread in threads:
        for member in chance.sample(belonging[thread["group_id"]], 30):
            yield {
                "account_id": member,
                "thread_id": thread["id"],
                "number": chance.randint(1, thread["last_number"]),
            }


def _fill(connection: Connection, table: Any, rows: Iterator[dict[str, Any]] | list[Any]) -> None:
    connection.execute(insert(table), list(rows))
