"""Lines as `forum import` takes them, and what it makes of them."""

import io
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from forum.cli import importing
from forum.core import db
from forum.core.db import Base, current_session
from forum.importing.loading import Report, load_lines

AT = "2024-02-03T18:20:00Z"
BASE: list[dict[str, Any]] = [
    {"type": "member", "handle": "brindle", "created_at": AT},
    {"type": "member", "handle": "osier"},
    {"type": "group", "slug": "after-dark", "name": "After dark", "visibility": "hidden"},
    {"type": "membership", "group": "after-dark", "handle": "brindle", "role": "moderator"},
    {"type": "membership", "group": "after-dark", "handle": "osier"},
    {
        "type": "thread",
        "ref": "t",
        "group": "after-dark",
        "author": "brindle",
        "title": "At four",
        "body": "Hello @osier",
        "created_at": AT,
    },
    {
        "type": "post",
        "ref": "p",
        "thread": "t",
        "author": "osier",
        "body": "Awake too",
        "created_at": AT,
    },
    {"type": "post", "thread": "t", "author": "brindle", "body": "Still", "content_note": "night"},
    {"type": "reaction", "post": "p", "handle": "brindle", "kind": "hug", "created_at": AT},
]
STUDY: dict[str, Any] = {
    "type": "study",
    "slug": "nights",
    "title": "Nights together",
    "about": "Whether it helps.",
    "run_by": "A university",
    "ethics": "Board 7",
    "contact": "Desk 12",
    "groups": ["after-dark"],
    "document": "I agree.",
    "opened_at": "2024-02-01",
}
PEOPLE: list[dict[str, Any]] = [
    {"type": "member", "handle": "brindle", "created_at": "2024-01-02"},
    {"type": "member", "handle": "osier", "created_at": "2024-01-02"},
    {"type": "group", "slug": "after-dark", "name": "After dark", "created_at": "2024-01-01"},
    {"type": "group", "slug": "by-day", "name": "By day", "created_at": "2024-01-01"},
    *(
        {"type": "membership", "group": group, "handle": handle, "created_at": "2024-01-03"}
        for group in ("after-dark", "by-day")
        for handle in ("brindle", "osier")
    ),
]
SAID: list[dict[str, Any]] = [
    {
        "type": "thread",
        "ref": "t",
        "group": "after-dark",
        "author": "brindle",
        "title": "At four",
        "body": "Who else",
        "created_at": "2024-01-20",
    },
    {
        "type": "post",
        "ref": "p",
        "thread": "t",
        "author": "osier",
        "body": "Awake too",
        "created_at": "2024-02-03T04:00:00Z",
    },
    {
        "type": "post",
        "ref": "q",
        "thread": "t",
        "author": "brindle",
        "body": "Good to know",
        "created_at": "2024-03-05",
    },
    {
        "type": "reaction",
        "post": "p",
        "handle": "brindle",
        "kind": "hug",
        "created_at": "2024-03-06",
    },
    {
        "type": "thread",
        "ref": "d",
        "group": "by-day",
        "author": "brindle",
        "title": "At noon",
        "body": "Elsewhere",
        "created_at": "2024-03-07",
    },
]
AGREED: list[dict[str, Any]] = [
    {
        "type": "consent",
        "study": "nights",
        "handle": "brindle",
        "clauses": ["record", "past"],
        "at": "2024-03-01",
    },
    {
        "type": "consent",
        "study": "nights",
        "handle": "osier",
        "clauses": ["record", "share"],
        "at": "2024-02-20",
    },
]


def load(lines: Iterable[dict[str, Any] | bytes]) -> tuple[Report, dict[int, str]]:
    """Import these lines; return the report, and the reasons by line number."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    reasons: dict[int, str] = {}
    report = load_lines(importing.numbered(io.BytesIO(b"\n".join(raw))), reasons.__setitem__)
    db.release_session()
    return report, reasons


def count(model: type[Base]) -> int:
    """Return how many rows a table has."""
    return current_session().scalar(select(func.count()).select_from(model)) or 0
