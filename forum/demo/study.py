"""The demo community's study: quiet members, who agreed to it, and months of taking part.

Most people in a forum read and say little, so a study needs them too. Here as everywhere in the
demo, everybody is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random

from forum.demo import text as demo_text
from forum.importing.records import Record

SLUG = "company"
GROUPS = ("empty-chair", "long-haul", "low-water", "steady-now")
DOCUMENT = Path(__file__).parent / "data" / "study" / "company.md"
OPENED = timedelta(days=147)
ABOUT = (
    "How people take part in peer groups, by writing, by reading or by coming to meetings, and "
    "who stays."
)
FIRST = (
    "alder",
    "amber",
    "ashen",
    "cobble",
    "drizzle",
    "ember",
    "gorse",
    "heather",
    "linen",
    "maple",
    "saffron",
    "teasel",
    "thistle",
    "umber",
    "willow",
)
SECOND = ("brook", "gate", "hill", "lamp", "mill", "shore", "step")
SHARING, INCLUDING, REACHABLE, AGREEING = 0.93, 0.7, 0.4, 0.9
NAMED = 0.6  # of them agree to event data for named researchers
RESEARCHER = "quiet_abacus"
SURE = "fernway"  # who tries the demo as a member finds a study that they take part in
KINDS = ("hug", "hear_you", "me_too", "thank_you", "helpful")
REACTIONS = 90
REPLIES = DOCUMENT.with_name("replies.md")


@dataclass(frozen=True)
class Lurker:
    """A member who reads more than they say: in which groups, since when."""

    handle: str
    groups: tuple[str, ...]
    joined: datetime


def dice(what: str) -> Random:
    """Return dice that fall the same each time, so every demo is the same community."""
    return Random(f"{SLUG}/{what}")  # noqa: S311 - nothing here is secret


def records(now: datetime) -> Iterator[Record]:
    """Yield what the import takes of the study: its people, consents and their reactions."""
    groups = [group for group in demo_text.groups(now) if group.fields["slug"] in GROUPS]
    quiet = list(_quiet(now))
    for one in quiet:
        yield Record("member", {"handle": one.handle}, {}, one.joined)
        for slug in one.groups:
            yield Record("membership", {"group": slug, "handle": one.handle}, {}, one.joined)
    yield from _reactions(groups, quiet, now)
    yield from _replies(groups, quiet, now)
    facts = {
        "slug": SLUG,
        "title": "Does company help?",
        "about": ABOUT,
        "run_by": "The Institute for Made-up Studies",
        "ethics": "Board 7, number 2026-12",
        "contact": "the study desk, study@example.org",
        "document": DOCUMENT.read_text(encoding="utf-8"),
    }
    yield Record("study", facts, {}, now - OPENED, {"groups": GROUPS})
    first: dict[str, datetime] = {one.handle: one.joined for one in quiet}
    for group in groups:
        for handle, at in group.people().items():
            first[handle] = min(first.get(handle, at), at)
    yield from _consents(first, now)


def name_researcher() -> None:
    """Let a member who moderates nothing see the study as a researcher."""
    from forum.research import queries
    from forum.research.studies import researchers  # a forum without studies has none of these

    researchers.name_researcher(None, queries.study_at(SLUG).id, RESEARCHER)


def _quiet(now: datetime) -> Iterator[Lurker]:
    chance = dice("people")
    for one, other in product(FIRST, SECOND):
        joined = now - timedelta(days=chance.triangular(12, 165, 150), hours=chance.random() * 24)
        groups = chance.sample(GROUPS, 1 if chance.random() < 0.75 else 2)
        yield Lurker(f"{one}_{other}", tuple(sorted(groups)), joined)


def _reactions(
    groups: list[demo_text.Group], quiet: list[Lurker], now: datetime
) -> Iterator[Record]:
    chance = dice("reactions")
    posts = [(ref, post.at, group.fields["slug"]) for group in groups for ref, post in group.refs()]
    for ref, at, slug in chance.choices(posts, k=REACTIONS):
        later = at + timedelta(hours=chance.expovariate(1 / 20))
        there = [one for one in quiet if slug in one.groups and one.joined < later]
        if there and later < now:
            who = chance.choice(there).handle
            said = {"post": ref, "handle": who, "kind": chance.choice(KINDS)}
            yield Record("reaction", said, {}, later)


def _replies(groups: list[demo_text.Group], quiet: list[Lurker], now: datetime) -> Iterator[Record]:
    """Yield replies of people who hardly ever write, some days after a conversation's last."""
    chance = dice("replies")
    words = REPLIES.read_text(encoding="utf-8").strip().split("\n\n")
    threads = [
        (ref, thread.posts[-1].at, group.fields["slug"])
        for group in groups
        for ref, thread in zip(group.thread_refs(), group.threads, strict=True)
    ]
    for body in words:
        ref, last, slug = chance.choice(threads)
        at = last + timedelta(days=chance.expovariate(1 / 4))
        there = [one for one in quiet if slug in one.groups and one.joined < at]
        if there and at < now:
            said = {"thread": ref, "author": chance.choice(there).handle, "body": body}
            yield Record("post", said, {}, at)


def _consents(first: dict[str, datetime], now: datetime) -> Iterator[Record]:
    chance = dice("consents")
    for handle, joined in sorted(first.items()):
        asked = max(joined, now - OPENED)
        at = asked + timedelta(days=chance.expovariate(1 / 5), minutes=5)
        agrees = chance.random() < AGREEING or handle == SURE
        wishes = {"past": INCLUDING, "share": SHARING, "contact": REACHABLE}
        chosen = [name for name, share in wishes.items() if chance.random() < share]
        if dice(f"events/{handle}").random() < NAMED:
            chosen.append("events")
        if agrees and at < now:
            said = {"study": SLUG, "handle": handle}
            yield Record("consent", said, {}, at, {"clauses": ("record", *chosen)})
