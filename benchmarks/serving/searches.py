"""Searches for common and rare words, against a bare full-text query of the same words."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import accumulate
from statistics import median, quantiles
from typing import Any

from sqlalchemy import func, insert, select, text, update

from benchmarks.community import databases
from benchmarks.community.corpus import BEGAN, follow_sequences
from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from forum import wiring
from forum.accounts import queries as accounts
from forum.accounts.policy import Viewer
from forum.core import db, events
from forum.groups.models import Membership
from forum.search import changes, indexing
from forum.search.finding import posts, scope
from forum.search.models import POST, SearchChange
from forum.search.query import meaning
from forum.threads import service as threads
from forum.threads.models import Post, Thread

POSTS, QUICK_POSTS = 200_000, 20_000
WORDS, WORDS_A_POST = 30_000, 60
QUERIES, REPLIES = 150, 200
_BARE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE bare USING fts5(words, content='', detail='column', columnsize=0)",
        "INSERT INTO bare(rowid, words) SELECT place, words FROM search_entries",
        "SELECT rowid FROM bare WHERE bare MATCH :words ORDER BY rowid DESC LIMIT 20",
    ),
    "postgresql": (
        "CREATE TABLE bare (place BIGINT, words TSVECTOR); CREATE INDEX ON bare USING gin (words)",
        "INSERT INTO bare SELECT place, to_tsvector('simple', words) FROM search_entries",
        """SELECT place FROM bare WHERE words @@ plainto_tsquery('simple', :words)
            ORDER BY place DESC LIMIT 20""",
    ),
}


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield how long searches take, and what a reply takes longer for them."""
    large = databases.copy(bench.corpus, bench.folder)
    db.bind(large.database_url)
    events.subscribe({}, {})
    chance = random.Random(19)
    count = QUICK_POSTS if bench.quick else POSTS
    _fill(chance, count)
    per_post_ms = _index() / count * 1e3
    reader = _reader()
    for name, first, last, number in (
        ("a common word", 5, 200, 1),
        ("two common words", 5, 200, 2),
        ("a rare word", 2_000, 20_000, 1),
    ):
        asked = [
            " ".join(_word(chance.randrange(first, last)) for _ in range(number))
            for _ in range(QUERIES)
        ]
        ours = _p95_ms(asked, _search(reader))
        bare = _p95_ms(asked, _bare_query(bench.kind))
        title = f"search for {name}, p95, {count:,} posts"
        yield Figure(title, bench.kind, "ms", ours, bare, at_most=4)
    with_notes, without = _replies(reader)
    yield Figure("a reply that searches find", bench.kind, "ms", with_notes, without, at_most=1.15)
    yield Figure("indexing it, by the worker", bench.kind, "ms", per_post_ms, without)
    db.release_session()
    db.engine().dispose()
    db.bind(bench.corpus.database_url)


def _word(rank: int) -> str:
    """Return a word of letters alone, the same for a rank each time."""
    letters = "bdfgklmnprstvz"
    return "".join(letters[rank // 14**at % 14] + "aeiou"[(rank + at) % 5] for at in range(4))


def _fill(chance: random.Random, count: int) -> None:
    """Write many posts into the threads that are there, of words as often as in real texts."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))
    ranks = range(WORDS)
    with db.transaction() as session:
        there = session.scalars(select(Thread.id)).all()
        begun = dict.fromkeys(there, 10_000)
        rows = []
        for nth in range(count):
            thread_id = there[nth % len(there)]
            begun[thread_id] += 1
            said = " ".join(map(_word, chance.choices(ranks, cum_weights=weights, k=WORDS_A_POST)))
            rows.append(
                {
                    "thread_id": thread_id,
                    "author_id": 1 + nth % 1_000,
                    "number": begun[thread_id],
                    "version": begun[thread_id],
                    "body": said,
                    "html": f"<p>{said}</p>",
                    "renderer": 1,
                    "created_at": BEGAN + timedelta(seconds=30 * nth),
                }
            )
        session.execute(insert(Post), rows)
        session.execute(update(Thread).values(last_number=20_000, version=20_000))
        new = select(text(f"'{POST}'"), Post.id).where(Post.number > 10_000).order_by(Post.id)
        session.execute(insert(SearchChange).from_select(["kind", "ref_id"], new))
        follow_sequences(session.connection())


def _index() -> float:
    began = time.perf_counter()
    while indexing.step(budget_s=1):
        pass
    took = time.perf_counter() - began
    indexing.tidy()
    db.analyze()
    with db.transaction() as session:
        create, fill, _ask = _BARE[db.engine().dialect.name]
        for statement in (create, fill):
            session.connection().exec_driver_sql(statement)
    db.release_session()
    return took


def _reader() -> Viewer:
    """Return somebody who is in two of the six groups, as most are."""
    busy = select(Membership.account_id).group_by(Membership.account_id)
    account_id = db.current_session().scalar(busy.having(func.count() == 2).limit(1))
    reader = accounts.viewer(account_id or 1)
    assert reader is not None
    return reader


def _search(reader: Viewer) -> Callable[[str], Any]:
    def search(words: str) -> Any:
        query, there = meaning.understand(words), scope.readable_groups(reader)
        return posts.find(reader, query, there, 1, posts.NEWEST)

    return search


def _bare_query(kind: str) -> Callable[[str], Any]:
    ask = text(_BARE[kind][2])
    return lambda words: db.current_connection().execute(ask, {"words": words}).all()


def _p95_ms(asked: Sequence[str], ask: Callable[[str], Any]) -> float:
    took = []
    for words in asked:
        ask(words)  # once before, so pages are in the cache for both
        began = time.perf_counter()
        ask(words)
        took.append((time.perf_counter() - began) * 1e3)
    db.release_session()
    return quantiles(took, n=20)[-1]


def _replies(reader: Viewer) -> tuple[float, float]:
    """Return the milliseconds of a reply that is noted for searches, and of one that is not."""
    there = scope.readable_groups(reader)
    thread_id = db.current_session().scalar(
        select(Thread.id).where(Thread.group_id == there[0].id).limit(1)
    )
    without = {
        kind: [one for one in handlers if one.__module__ != changes.__name__]
        for kind, handlers in wiring.WITHIN_TRANSACTION.items()
    }
    took: dict[bool, list[float]] = {True: [], False: []}
    for nth in range(REPLIES):
        noted = nth % 2 == 0
        events.subscribe(wiring.WITHIN_TRANSACTION if noted else without, {})
        began = time.perf_counter()
        threads.post_reply(reader, thread_id or 1, body=f"As I said {nth} times before")
        took[noted].append((time.perf_counter() - began) * 1e3)
    return median(took[True]), median(took[False])
