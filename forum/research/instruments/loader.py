"""An instrument from its TOML file, proven: its range, its reversed items and its examples."""

import hashlib
import json
import re
import tomllib
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

from forum.research.instruments import scoring
from forum.research.instruments.definition import (
    MEAN,
    SUM,
    Answer,
    BadInstrument,
    Band,
    Change,
    Example,
    Instrument,
    Item,
    Licence,
    Scale,
    Subscale,
    reliable_change,
)
from forum.research.instruments.file_reader import Table

FILE_MAX, ITEMS_MAX, ANSWERS_MAX = 16_000, 100, 12  # many dots in a key cost its square
MISSING = -1  # in examples
_ID = re.compile(r"[a-z0-9]([a-z0-9_-]{0,38}[a-z0-9])?")


def load(path: Path) -> Instrument:
    """Return the instrument in a file. Raises BadInstrument with one sentence."""
    try:
        return parse(read(path))
    except BadInstrument as problem:
        raise BadInstrument(f"{path.name}: {problem}") from problem


def read(path: Path) -> dict[str, object]:
    """Return what a TOML file says. Raises BadInstrument."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_MAX + 1)
        if len(content) > FILE_MAX:
            raise BadInstrument(f"It is larger than {FILE_MAX:,} bytes.")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as problem:
        raise BadInstrument(f"It cannot be read: {problem.strerror}.") from problem
    except (ValueError, RecursionError) as problem:
        raise BadInstrument(f"It is not TOML in UTF-8: {problem}.") from problem


def parse(content: object) -> Instrument:
    """Return the instrument that a file's content is. Raises BadInstrument with one sentence."""
    file = Table(content, "the file")
    common = file.rows("answers", _answer, ANSWERS_MAX)
    found = Instrument(
        id=_id(file),
        version=file.whole("version"),
        title=file.words("title"),
        about=file.words("about"),
        language=file.words("language"),
        minutes=file.whole("minutes"),
        recall=file.words("recall"),
        source=file.words("source"),
        instruction=file.words("instruction", ""),
        licence=_licence(file),
        items=file.rows("items", lambda row: _item(row, common), ITEMS_MAX),
        scale=_scale(file),
        subscales=file.rows("subscales", _subscale, ITEMS_MAX),
        bands=file.rows("bands", _band, ANSWERS_MAX),
        change=_change(file),
        examples=file.rows("examples", _example, ITEMS_MAX),
    )
    file.end()
    _prove(found)
    return sealed(found)


def sealed(instrument: Instrument) -> Instrument:
    """Return it with the hash of all that it says."""
    said = json.dumps(_said(replace(instrument, content_hash="")), sort_keys=True)
    return replace(instrument, content_hash=hashlib.sha256(said.encode()).hexdigest())


def _said(part: object) -> object:
    """Return what differs from the defaults: a field that comes later changes no hash."""
    if isinstance(part, tuple):
        return [_said(one) for one in part]
    if not is_dataclass(part):
        return part
    values = {one.name: (getattr(part, one.name), one.default) for one in fields(part)}
    return {name: _said(value) for name, (value, default) in values.items() if value != default}


def _id(table: Table) -> str:
    found = table.words("id")
    if not _ID.fullmatch(found):
        raise BadInstrument(f"“{found}” is no id: use small letters, digits and hyphens.")
    return found


def _licence(file: Table) -> Licence:
    table = file.table("licence")
    if table is None:
        raise BadInstrument("The file does not say by which licence the instrument may be used.")
    found = Licence(table.words("text"), table.words("holder"), table.words("notice", ""))
    table.end()
    return found


def _answer(row: Table) -> Answer:
    found = Answer(row.whole("value"), row.words("label", ""))
    row.end()
    return found


def _item(row: Table, common: tuple[Answer, ...]) -> Item:
    words = row.flag("words", default=False)
    own = row.rows("answers", _answer, ANSWERS_MAX)
    found = Item(
        id=_id(row),
        stem=row.words("stem", ""),
        answers=() if words else own or common,
        is_reversed=row.flag("reversed", default=False),
        is_scored=row.flag("scored", default=True),
        danger_from=row.whole("danger_from") if row.has("danger_from") else None,
        words=words,
    )
    row.end()
    return found


def _scale(file: Table) -> Scale | None:
    table = file.table("score")
    if table is None:
        return None
    found = Scale(
        method=table.words("method"),
        lowest=table.number("lowest"),
        highest=table.number("highest"),
        most_missing=table.whole("most_missing"),
        factor=table.number("factor", 1.0),
    )
    table.end()
    if found.method not in {SUM, MEAN}:
        raise BadInstrument("method of score must be sum or mean.")
    return found


def _subscale(row: Table) -> Subscale:
    found = Subscale(_id(row), row.list_of("items", str))
    row.end()
    return found


def _band(row: Table) -> Band:
    found = Band(row.number("from"), row.words("label"))
    row.end()
    return found


def _change(file: Table) -> Change | None:
    table = file.table("change")
    if table is None:
        return None
    reliable = table.number("reliable") if table.has("reliable") else None
    if table.has("standard_error"):
        reliable = reliable_change(table.number("standard_error"))
    important = table.number("important") if table.has("important") else None
    found = Change(reliable, important, table.words("source"))
    table.end()
    return found


def _example(row: Table) -> Example:
    answers = tuple(None if one == MISSING else one for one in row.list_of("answers", int))
    found = Example(row.words("about"), answers, row.number("score") if row.has("score") else None)
    row.end()
    return found


def _prove(one: Instrument) -> None:
    """Raise BadInstrument unless its parts fit together and every example comes out right."""
    ids = Counter(item.id for item in one.items)
    if not ids or ids.most_common(1)[0][1] > 1:
        raise BadInstrument("Each item needs an id of its own, and there must be one at least.")
    for item in one.items:
        _prove_item(item)
    if one.version < 1 or not 1 <= one.minutes <= 60:
        raise BadInstrument("The version must be 1 or more, and the minutes from 1 to 60.")
    if any(low.lowest >= high.lowest for low, high in zip(one.bands, one.bands[1:], strict=False)):
        raise BadInstrument("Bands must be in the order of their numbers.")
    if one.scale is None:
        if one.scored or one.bands or one.subscales or one.change or one.examples:
            raise BadInstrument("Without a score, no item is scored and nothing is said of one.")
        return
    scored = {item.id for item in one.scored}
    if any(not part.items or not set(part.items) <= scored for part in one.subscales):
        raise BadInstrument("A subscale is made of items that are scored.")
    _prove_range(one, one.scale)
    for example in one.examples:
        _prove_example(one, example)


def _prove_item(item: Item) -> None:
    values = item.values
    if item.words:
        if item.is_scored or item.is_reversed or item.danger_from is not None:
            raise BadInstrument(f"Item {item.id} is answered in words, so it cannot be scored.")
    elif len(values) < 2 or len(set(values)) < len(values) or min(values) < 0:
        raise BadInstrument(f"Item {item.id} needs two answers or more, each with its own number.")
    elif item.danger_from is not None and (item.is_reversed or item.danger_from not in values):
        raise BadInstrument(f"danger_from of item {item.id} must be an answer, and not reversed.")


def _prove_range(one: Instrument, scale: Scale) -> None:
    ends = [
        scoring.score(one, {item.id: _end(item, highest=highest) for item in one.scored}).value
        for highest in (False, True)
    ]
    if ends != [scale.lowest, scale.highest]:
        raise BadInstrument(
            f"Its items score from {ends[0]} to {ends[1]}, not from {scale.lowest} to "
            f"{scale.highest}."
        )
    if one.bands and (one.bands[0].lowest != scale.lowest or one.bands[-1].lowest > scale.highest):
        raise BadInstrument("The first band must begin at the lowest score, and all within range.")
    if one.change and not all(
        size is None or 0 < size <= scale.highest - scale.lowest
        for size in (one.change.reliable, one.change.important)
    ):
        raise BadInstrument("A change must be more than 0, and fit into the range.")
    if not 0 <= scale.most_missing < len(one.scored):
        raise BadInstrument("most_missing must be fewer than the items that are scored.")


def _end(item: Item, *, highest: bool) -> int:
    return max(item.values) if highest != item.is_reversed else min(item.values)


def _prove_example(one: Instrument, example: Example) -> None:
    if len(example.answers) != len(one.items):
        raise BadInstrument(f"The example “{example.about}” must have an answer for each item.")
    given = dict(zip((item.id for item in one.items), example.answers, strict=True))
    try:
        found = scoring.score(one, given).value
    except ValueError as problem:
        raise BadInstrument(f"The example “{example.about}”: {problem}.") from problem
    if found != example.score:
        raise BadInstrument(
            f"The example “{example.about}” scores {found}, and not {example.score}."
        )
