"""What an instrument is: its items and answers, how they are scored, and what a score means."""

from dataclasses import dataclass, field
from math import sqrt

SUM, MEAN = "sum", "mean"


class BadInstrument(Exception):
    """A file that is no instrument; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Answer:
    """One answer that can be chosen, and the number that it is stored as."""

    value: int
    label: str = ""


@dataclass(frozen=True)
class Item:
    """One question.

    A reversed item counts from the other end of its answers. From `danger_from` on, an answer
    calls for help at once. An item of `words` is answered in one's own, and has no answers.
    """

    id: str
    stem: str = ""
    answers: tuple[Answer, ...] = ()
    is_reversed: bool = False
    is_scored: bool = True
    danger_from: int | None = None
    words: bool = False

    @property
    def values(self) -> tuple[int, ...]:
        """The numbers of its answers."""
        return tuple(answer.value for answer in self.answers)


@dataclass(frozen=True)
class Scale:
    """How scored items become one number from `lowest` to `highest`.

    Up to `most_missing` answers may be missing; the mean of the others stands in for them.
    """

    method: str
    lowest: float
    highest: float
    most_missing: int = 0
    factor: float = 1.0


@dataclass(frozen=True)
class Subscale:
    """A part of the items that is scored by itself, in the same way."""

    id: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """What scores from `lowest` on are called, up to the next band."""

    lowest: float
    label: str


@dataclass(frozen=True)
class Change:
    """How much a score has to change to mean something, and who says so.

    `reliable` is more than the instrument's own error explains, `important` what people notice.
    """

    reliable: float | None = None
    important: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Licence:
    """By which right an instrument may be used, who holds it, and what has to stand beside it."""

    text: str
    holder: str
    notice: str = ""


@dataclass(frozen=True)
class Example:
    """Answers in the order of the items, None for a missing one, and the score they must have."""

    about: str
    answers: tuple[int | None, ...]
    score: float | None


@dataclass(frozen=True)
class Instrument:
    """A questionnaire, as its file has it. `content_hash` changes with anything in it."""

    id: str
    version: int
    title: str
    about: str
    language: str
    minutes: int
    recall: str
    source: str
    instruction: str
    licence: Licence
    items: tuple[Item, ...]
    scale: Scale | None = None
    subscales: tuple[Subscale, ...] = ()
    bands: tuple[Band, ...] = ()
    change: Change | None = None
    examples: tuple[Example, ...] = field(default=(), repr=False)
    content_hash: str = ""

    @property
    def has_words(self) -> bool:
        """Whether people can be asked; without words it can only be scored."""
        return bool(self.instruction) and all(
            item.stem and (item.words or all(answer.label for answer in item.answers))
            for item in self.items
        )

    @property
    def scored(self) -> tuple[Item, ...]:
        """The items that count."""
        return tuple(item for item in self.items if item.is_scored)

    def item(self, item_id: str) -> Item:
        """Return an item. Raises KeyError for none."""
        return {item.id: item for item in self.items}[item_id]


def reliable_change(standard_error: float) -> float:
    """Return the change that an error of measurement explains in 1 of 20 people.

    Jacobson and Truax (1991), doi:10.1037/0022-006X.59.1.12.
    """
    return 1.96 * sqrt(2) * standard_error
