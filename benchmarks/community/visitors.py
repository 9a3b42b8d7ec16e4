"""Logged-in members of a community, and what they ask for."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask import session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from benchmarks.community import corpus
from benchmarks.community.corpus import Corpus
from benchmarks.tools import load
from forum.accounts import service
from forum.app import create_app
from forum.core import db
from forum.core.web import page_scripts
from forum.groups.models import Group, Membership
from forum.settings.environment import from_environment
from forum.threads.limits import POSTS_A_PAGE
from forum.threads.models import Thread

LOGGED_IN_MAX = 1_010


@dataclass(frozen=True)
class Member:
    """Somebody's cookie, and the token that goes with their writes."""

    account_id: int
    cookie: str
    csrf: str


@dataclass(frozen=True)
class Place:
    """A thread, its length, and where it is."""

    thread_id: int
    group_id: int
    slug: str
    length: int


@dataclass(frozen=True)
class Visitors:
    """Who is logged in, by group, and where they can go."""

    members: dict[int, list[Member]]
    places: list[Place]

    def thread_pages(self, places: list[Place] | None = None) -> Iterator[bytes]:
        """Yield requests for full pages of threads, each by another member of its group."""
        full = [
            (place, page)
            for place in places or self.places
            for page in range(1, place.length // POSTS_A_PAGE + 1)
        ]
        return self._visits([(p, f"/threads/{p.thread_id}?page={page}") for p, page in full])

    def group_pages(self) -> Iterator[bytes]:
        """Yield requests for the first page of each group, each by another of its members."""
        return self._visits([(place, f"/groups/{place.slug}") for place in self.places])

    def first_pages(self) -> Iterator[bytes]:
        """Yield requests for the first page, each by another member of some group."""
        return self._visits([(place, "/") for place in self.places])

    def replies(self) -> Iterator[bytes]:
        """Yield replies, each by another member, with the key that makes sending safe."""
        chance = random.Random(corpus.SEED)
        for number in itertools.count():
            place = chance.choice(self.places)
            yield self.reply(
                place,
                chance.choice(self.members[place.group_id]),
                f"r{number}",
                corpus.body(chance),
            )

    def reply(self, place: Place, member: Member, key: str, body: str) -> bytes:
        """Return one reply, as the page's script sends it."""
        return load.request(
            "POST",
            f"/threads/{place.thread_id}/replies",
            member.cookie,
            load.form(body=body, idempotency_key=key),
            {
                "Accept": "application/json",
                "X-CSRFToken": member.csrf,
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )

    def _visits(self, pages: list[tuple[Place, str]]) -> Iterator[bytes]:
        chance = random.Random(corpus.SEED)
        while True:
            chance.shuffle(pages)
            for place, path in pages:
                yield load.request("GET", path, chance.choice(self.members[place.group_id]).cookie)


def log_in(made: Corpus, folder: Path) -> Visitors:
    """Log in up to 1,010 members of a community."""
    settings = from_environment({"FORUM_INSTANCE": str(folder), "FORUM_LOG_LEVEL": "error"})
    app = create_app(replace(settings, database_url=made.database_url, secret_key=made.secret_key))
    sign = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    with app.test_request_context():
        csrf = generate_csrf()
        kept = {"_fresh": True, "csrf_token": session["csrf_token"]}
        seats = (
            db.current_session().execute(select(Membership.account_id, Membership.group_id)).all()
        )
        ids = sorted({seat.account_id for seat in seats})[:LOGGED_IN_MAX]
        with db.transaction():
            tokens = {account_id: service.open_session(account_id) for account_id in ids}
        people = {
            account_id: Member(
                account_id,
                f"{app.config['SESSION_COOKIE_NAME']}={sign.dumps({**kept, **whose})}"
                f"; {page_scripts.COOKIE}=on",  # as browsers that have seen a page say
                csrf,
            )
            for account_id, token in tokens.items()
            for whose in [{"_user_id": token}]
        }
    members: dict[int, list[Member]] = {}
    for seat in seats:
        if seat.account_id in people:
            members.setdefault(seat.group_id, []).append(people[seat.account_id])
    found = Visitors(members, places(members))
    db.release_session()
    db.engine().dispose()
    return found


def places(groups: dict[int, list[Member]], every: int = 1) -> list[Place]:
    """Return the threads that these groups' members can read: all, or each so-manieth."""
    rows = db.current_session().execute(
        select(Thread.id, Thread.group_id, Group.slug, Thread.last_number)
        .join(Group, Group.id == Thread.group_id)
        .where(Thread.id % every == 0)
        .order_by(Thread.id)
    )
    return [Place(*row) for row in rows if row.group_id in groups]
