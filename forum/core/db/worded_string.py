"""A column of people's words, in which one value is a state that each reader reads in words."""

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator


class WordedString(TypeDecorator[str]):
    """A text; where `stored` is stored, its reader reads `words`, which are `lazy`."""

    impl = String
    cache_ok = True

    def __init__(self, length: int, stored: str, words: str) -> None:
        super().__init__(length)
        self.length, self.stored, self.words = length, stored, words

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return what a reader reads."""
        return str(self.words) if value == self.stored else value
