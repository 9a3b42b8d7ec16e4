"""Turns the counsel-chat data, which lies beside the checkout if at all, into import lines.

    python -m tests.support.importing.counselchat > lines.jsonl && forum import lines.jsonl

The data is for testing only and no part of the project.
"""

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[4] / "shared" / "data" / "counselchat.jsonl"
BEGIN = datetime(2016, 1, 4, 9, 0, tzinfo=UTC)
ASKERS = 40


def import_lines(data: Path = DATA) -> Iterator[dict[str, Any]]:
    """Yield import lines: groups by first topic, members by number, a thread for each question."""
    seen: set[tuple[str, str]] = set()
    for number, question in enumerate(json.loads(line) for line in data.open(encoding="utf-8")):
        topic = (question["topics"] or ["Other questions"])[0]
        slug, at = _slug(topic), BEGIN + timedelta(hours=11 * number)
        asker = f"asker-{number % ASKERS}-of-{ASKERS}"
        people = [asker, *(_helper(answer) for answer in question["answers"])]
        yield from _who_and_where(topic, slug, people, seen)
        ref = f"counselchat:{number}"
        yield {
            "type": "thread",
            "ref": ref,
            "group": slug,
            "author": asker,
            "title": question["title"] or "A question without a title",
            "body": question["body"] or question["title"] or "(no words)",
            "created_at": at.isoformat(),
        }
        for place, answer in enumerate(question["answers"], 1):
            yield {
                "type": "post",
                "ref": f"{ref}:{place}",
                "thread": ref,
                "author": _helper(answer),
                "body": answer["html"],
                "format": "html",
                "created_at": (at + timedelta(minutes=37 * place)).isoformat(),
            }


def _who_and_where(
    topic: str, slug: str, people: list[str], seen: set[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    new: list[tuple[tuple[str, str], dict[str, Any]]] = [
        (
            ("group", slug),
            {
                "type": "group",
                "slug": slug,
                "name": topic,
                "topic": topic,
                "readable_by_all": True,
                "created_at": BEGIN.isoformat(),
            },
        )
    ]
    for handle in people:
        new.append(
            (
                ("member", handle),
                {"type": "member", "handle": handle, "created_at": BEGIN.isoformat()},
            )
        )
        new.append(
            (
                (slug, handle),
                {
                    "type": "membership",
                    "group": slug,
                    "handle": handle,
                    "created_at": BEGIN.isoformat(),
                },
            )
        )
    for key, line in new:
        if key not in seen:
            seen.add(key)
            yield line


def _helper(answer: dict[str, Any]) -> str:
    return f"helper-{answer['author']}"


def _slug(topic: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", topic.lower()).strip("-")


if __name__ == "__main__":
    sys.stdout.writelines(json.dumps(line) + "\n" for line in import_lines())
