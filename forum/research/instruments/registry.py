"""The instruments that there are: those that come with the forum, some with an operator's words.

A file `instruments/<id>.toml` in the instance folder gives words to an instrument that has none
here, since they may only be used with permission. It changes nothing else of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from forum.research.instruments import loader
from forum.research.instruments.definition import Answer, BadInstrument, Instrument, Item
from forum.research.instruments.file_reader import Table

FOLDER = Path(__file__).parent / "data"
OWN = "instruments"


@lru_cache(maxsize=1)
def bundled() -> Mapping[str, Instrument]:
    """Return the instruments that come with the forum, by id, in the order of their titles."""
    found = [loader.load(path) for path in FOLDER.glob("*.toml")]
    return {one.id: one for one in sorted(found, key=lambda one: one.title)}


def instruments(instance: Path) -> Mapping[str, Instrument]:
    """Return all instruments, with the words that the operator has given. Raises BadInstrument."""
    found = dict(bundled())
    for path in sorted((instance / OWN).glob("*.toml")):
        worded = with_words(path)
        if found[worded.id].has_words:
            raise BadInstrument(f"{path.name}: Another file gives words to {worded.title} already.")
        found[worded.id] = worded
    return found


def with_words(path: Path) -> Instrument:
    """Return an instrument with the words in an operator's file. Raises BadInstrument."""
    try:
        return _with_words(Table(loader.read(path), "the file"))
    except BadInstrument as problem:
        raise BadInstrument(f"{path.name}: {problem}") from problem


def _with_words(file: Table) -> Instrument:
    name = file.words("id")
    one = bundled().get(name)
    if one is None:
        raise BadInstrument(f"There is no instrument “{name}”. Give the id of one.")
    if one.has_words:
        raise BadInstrument(f"{one.title} has its words already, and they must stay as they are.")
    label_rows = file.rows("answers", _label, loader.ANSWERS_MAX)
    stem_rows = file.rows("items", _stem, loader.ITEMS_MAX)
    labels, stems = dict(label_rows), dict(stem_rows)
    if (len(labels), len(stems)) != (len(label_rows), len(stem_rows)):
        raise BadInstrument("Give each item and each answer once.")
    found = replace(
        one,
        instruction=file.words("instruction"),
        items=tuple(_worded(item, stems, labels) for item in one.items),
    )
    file.end()
    if unknown := set(stems) - {item.id for item in one.items}:
        raise BadInstrument(f"{one.title} has no item {min(unknown)}.")
    if unknown_values := set(labels) - {value for item in one.items for value in item.values}:
        raise BadInstrument(f"{one.title} has no answer {min(unknown_values)}.")
    if not found.has_words:
        raise BadInstrument("Give a stem for each item, and a label for each answer.")
    return loader.sealed(found)


def _label(row: Table) -> tuple[int, str]:
    found = row.whole("value"), row.words("label")
    row.end()
    return found


def _stem(row: Table) -> tuple[str, str]:
    found = row.words("id"), row.words("stem")
    row.end()
    return found


def _worded(item: Item, stems: Mapping[str, str], labels: Mapping[int, str]) -> Item:
    answers = tuple(Answer(one.value, labels.get(one.value, "")) for one in item.answers)
    return replace(item, stem=stems.get(item.id, ""), answers=answers)
