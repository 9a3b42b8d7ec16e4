"""How the items of a wave are divided into pages, and which are open: no database, no HTTP."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from forum.research.instruments.definition import Instrument, Item
from forum.research.waves.models import ANSWERED, DECLINED

ITEMS_A_PAGE = 5
ItemKey = tuple[str, str]  # an instrument's id and an item's


@dataclass(frozen=True)
class Given:
    """What somebody gave at an item: a value, their own words, or that they'd rather not say."""

    status: str
    value: int | None = None
    words: str = ""


Answers = Mapping[ItemKey, Given]


@dataclass(frozen=True)
class AskedItem:
    """An item of a questionnaire in a wave, and its number there from 1 on."""

    instrument: Instrument
    item: Item
    number: int

    @property
    def key(self) -> ItemKey:
        """Return what names it in a wave."""
        return self.instrument.id, self.item.id

    @property
    def field(self) -> str:
        """Return what its form field is called."""
        return f"{self.instrument.id}.{self.item.id}"


def pages(instruments: Iterable[Instrument]) -> list[list[AskedItem]]:
    """Return the items of a wave page by page.

    Questionnaires don't share a page, and an item whose answers may call for help is the last on
    its own, so help comes before further items.
    """
    found = list[list[AskedItem]]()
    number = 0
    for instrument in instruments:
        page = list[AskedItem]()
        for item in instrument.items:
            number += 1
            page.append(AskedItem(instrument, item, number))
            if len(page) == ITEMS_A_PAGE or item.danger_from is not None:
                found.append(page)
                page = []
        if page:
            found.append(page)
    return found


def first_open(found: Sequence[Sequence[AskedItem]], answers: Answers) -> AskedItem | None:
    """Return the first item that is neither answered nor declined."""
    return next((one for page in found for one in page if is_open(one, answers)), None)


def is_open(asked: AskedItem, answers: Answers) -> bool:
    """Whether an item is neither answered nor declined."""
    given = answers.get(asked.key)
    return given is None or given.status not in {ANSWERED, DECLINED}


def page_of(found: Sequence[Sequence[AskedItem]], asked: AskedItem) -> int:
    """Return the number of an item's page, from 1 on."""
    return next(number for number, page in enumerate(found, 1) if asked in page)
