"""What takes the place of the name of somebody who has left for good."""

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from forum.core.translation import _, languages, using

FORMER_MEMBER = "a former member"  # what is stored as their handle until the account is erased


class Handle(TypeDecorator[str]):
    """A member's handle, or in the reader's language that they have left."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return what a reader reads."""
        return _("a former member") if value == FORMER_MEMBER else value


def in_words_of_others() -> str:
    """Return what is written where others have named them.

    It is in the forum's own language, since what people write is the same for all readers.
    """
    with using(languages.default()):
        return _("a former member")
