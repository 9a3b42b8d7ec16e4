"""What recording costs: thread pages of members who all take part, with the studies and without."""

from collections.abc import Iterator

from sqlalchemy import select

from benchmarks.serving.pages import turns
from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import apart_server, forum_server, running
from forum.accounts import queries
from forum.core import db
from forum.groups.models import Group
from forum.research import service
from forum.research.models import Study
from forum.research.studies import planning

SLUG = "bench"
COST_MOST = 0.05


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield thread pages a second of the forum, against the same forum without the slices."""
    let_all_take_part(bench)
    recording = forum_server(bench.folder, bench.corpus)
    apart = apart_server(bench.folder, bench.corpus)
    visits = bench.visitors.thread_pages()
    with running(recording, apart):
        on, off = turns((recording.port, visits), (apart.port, visits), bench)
    yield Figure("thread pages, recorded", bench.kind, "pages/s", on, off, at_least=1 - COST_MOST)


def let_all_take_part(bench: Bench) -> None:
    """Open a study of all groups in which everybody logged in takes part, once.

    Each tenth has what they did before included, so the record has acts to check.
    """
    db.bind(bench.corpus.database_url)
    if not db.current_session().scalar(select(Study.id)):
        _open_study(
            {member.account_id for each in bench.visitors.members.values() for member in each}
        )
    db.release_session()
    db.engine().dispose()


def _open_study(people: set[int]) -> None:
    with db.transaction():
        groups = db.current_session().scalars(select(Group.id)).all()
        study_id = planning.create_study(
            SLUG,
            title="A benchmark",
            about="Cost.",
            run_by="Nobody",
            ethics="None",
            contact="None",
            document="All is recorded.",
            group_ids=groups,
        )
        planning.open_study(study_id)
        for account_id in sorted(people):
            me = queries.viewer(account_id)
            assert me
            clauses = ["record"] if account_id % 10 else ["record", "past"]
            service.give_consent(me, SLUG, version=1, clauses=clauses)
