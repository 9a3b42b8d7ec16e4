"""Making the index anew, in short steps between which people write and search.

Rows of `SearchChange` say how far it has come. First old entries are taken out, and nothing is
indexed; then all posts and titles are noted as changed, a few at a time. It goes on where it was
killed.
"""

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.types import String

from forum.core.db import at_most, current_session, transaction
from forum.search import index
from forum.search.models import POST, THREAD, SearchChange, SearchEntry, SearchWord
from forum.threads import policy
from forum.threads.models import Post, Thread

AT_ONCE = 1_000
# Ids of these rows. The first is there to the end, or SQLite would count on from one below 0.
STAGE, POSTS_LEFT, THREADS_LEFT = 0, -1, -2
EMPTYING, NOTING = 1, 2
IS_MARK = SearchChange.id <= STAGE


def begin() -> None:
    """Empty the index; all that belongs into it follows, step by step."""
    with transaction() as session:
        index.current().clear()
        session.execute(delete(SearchChange).where(IS_MARK))
        _set(session, STAGE, EMPTYING)


def is_under_way() -> bool:
    """Whether there is more to empty or to note."""
    return current_session().scalar(select(SearchChange.id).where(IS_MARK).limit(1)) is not None


def left() -> int:
    """Return about how many posts and titles are still to be noted."""
    ids = current_session().scalars(select(SearchChange.ref_id).where(IS_MARK)).all()
    if not ids:
        return 0
    if is_emptying(current_session()):
        return _last_id(Post) + _last_id(Thread)
    return sum(ids) - NOTING


def is_emptying(session: Session) -> bool:
    """Whether old entries are still being taken out, and nothing can be indexed."""
    return _mark(session, STAGE) == EMPTYING


def go_on(session: Session) -> bool:
    """Take a step, inside a transaction; return whether there was one to take."""
    if is_emptying(session):
        _empty(session)
        return True
    if _note(session, POSTS_LEFT) or _note(session, THREADS_LEFT):
        return True
    session.execute(delete(SearchChange).where(IS_MARK))
    return False


def _empty(session: Session) -> None:
    some = select(SearchEntry.place).order_by(SearchEntry.place).limit(at_most(AT_ONCE))
    places = session.scalars(some).all()
    if places:
        # A range, since SQLite takes only so many parameters.
        session.execute(delete(SearchEntry).where(SearchEntry.place.between(places[0], places[-1])))
        return
    session.execute(delete(SearchWord))
    session.execute(delete(SearchChange).where(IS_MARK))
    _set(session, STAGE, NOTING)
    _set(session, POSTS_LEFT, _last_id(Post))
    _set(session, THREADS_LEFT, _last_id(Thread))


def _note(session: Session, mark: int) -> bool:
    """Note some posts or titles as changed, of those that are left; the latest first."""
    last = _mark(session, mark)
    if last is None:
        return False
    table: type[Post] | type[Thread] = Post if mark == POSTS_LEFT else Thread
    there: ColumnElement[bool] = policy.is_published() if table is Post else Thread.last_number > 0
    first = max(0, last - AT_ONCE)
    kind = bindparam("kind", POST if table is Post else THREAD, String)
    some = (
        select(kind, table.id).where(table.id > first, table.id <= last, there).order_by(table.id)
    )
    session.execute(insert(SearchChange).from_select(["kind", "ref_id"], some))
    session.execute(delete(SearchChange).where(SearchChange.id == mark))
    if first:
        _set(session, mark, first)
    return True


def _set(session: Session, mark: int, ref_id: int) -> None:
    session.execute(insert(SearchChange).values(id=mark, kind="", ref_id=ref_id))


def _mark(session: Session, mark: int) -> int | None:
    return session.scalar(select(SearchChange.ref_id).where(SearchChange.id == mark))


def _last_id(table: type[Post] | type[Thread]) -> int:
    return current_session().scalar(select(func.max(table.id))) or 0
