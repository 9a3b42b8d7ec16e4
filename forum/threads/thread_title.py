"""A thread's title, as it is stored and as each reader reads it."""

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from forum.core.translation import _

REMOVED_TITLE = "A removed conversation"  # what is stored when the words are gone


class ThreadTitle(TypeDecorator[str]):
    """The title that its author gave a thread, or in the reader's language that it was removed."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return what a reader reads."""
        return _("A removed thread") if value == REMOVED_TITLE else value
