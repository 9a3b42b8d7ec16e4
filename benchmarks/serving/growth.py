"""How page time grows from some 7 thousand posts to a million, in threads of the same lengths."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection, Insert, func, insert, literal, select, update

from benchmarks.community import databases
from benchmarks.community.corpus import follow_sequences
from benchmarks.community.visitors import Visitors, places
from benchmarks.serving.pages import turns
from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import forum_server, running
from forum.core import db
from forum.groups.models import Group
from forum.threads.models import Post, Thread

POSTS = 1_000_000
QUICK_POSTS = 100_000


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield the time of these pages among a million posts, against that among some thousands.

    As many different threads are visited in both, in the large one from all over it, so the cache
    of fragments serves both alike and the database is what is compared.
    """
    large = databases.copy(bench.corpus, bench.folder)
    few, many = forum_server(bench.folder, bench.corpus), forum_server(bench.folder, large)
    visitors = _grown(large.database_url, bench)
    with running(few, many):
        for name, small, big, most in (
            ("thread page", bench.visitors.thread_pages(), visitors.thread_pages(), 1.3),
            ("group page", bench.visitors.group_pages(), visitors.group_pages(), 1.3),
            # It looks for what is new in up to 500 threads of a group; the small one has 50.
            ("first page", bench.visitors.first_pages(), visitors.first_pages(), 2.0),
        ):
            before, after = turns((few.port, small), (many.port, big), bench)
            yield Figure(
                f"{name}, {'100 thousand' if bench.quick else '1 million'} posts",
                bench.kind,
                "ms",
                1e3 / after,
                1e3 / before,
                at_most=most,
            )


def _grown(database_url: str, bench: Bench) -> Visitors:
    """Multiply all threads of this database, and return who visits them."""
    engine = db.bind(database_url)
    with engine.begin() as connection:
        posts = connection.scalar(select(func.count()).select_from(Post)) or 1
        times = (QUICK_POSTS if bench.quick else POSTS) // posts
        _multiply(connection, times)
        for group in connection.scalars(select(Group.id)).all():
            count = select(func.count()).where(Thread.group_id == group).scalar_subquery()
            connection.execute(update(Group).where(Group.id == group).values(thread_count=count))
        follow_sequences(connection)
    spread = places(bench.visitors.members, every=times)
    db.release_session()
    engine.dispose()
    db.bind(bench.corpus.database_url)
    return replace(bench.visitors, places=spread)


def _multiply(connection: Connection, times: int) -> None:
    """Add copies of all threads and posts until there are so many times as many."""
    threads = connection.scalar(select(func.max(Thread.id))) or 0
    posts = connection.scalar(select(func.max(Post.id))) or 0
    for copy in range(1, times):
        connection.execute(_shifted(Thread, threads, {"id": copy * threads}))
        shifts = {"id": copy * posts, "thread_id": copy * threads}
        connection.execute(_shifted(Post, posts, shifts))


def _shifted(table: type[Thread] | type[Post], last: int, shifts: dict[str, int]) -> Insert:
    """Return the statement that copies the first rows of a table with other ids."""
    columns = [
        column + literal(shifts[column.name]) if column.name in shifts else column
        for column in table.__table__.columns
    ]
    rows = select(*columns).where(table.id <= last)
    return insert(table).from_select(list(table.__table__.columns.keys()), rows)
