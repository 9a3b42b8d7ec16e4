"""What one line of an import file may say, and why it is refused when it says something else."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NoReturn

from forum.core import clock
from forum.core.errors import Invalid
from forum.core.text import with_windows_signs

LINE_MAX_BYTES = 1_000_000
REF_MAX = 200
EARLIEST_YEAR = 1970
CLOCK_SKEW = timedelta(minutes=5)


Name = tuple[str, str]  # what a line can name: its kind, and its handle, slug or ref


class Refused(Invalid):
    """A line that is not taken; the message says why, for the person who made the file.

    `needs` is what the line names and is not there: it was refused with the line that makes it.
    """

    needs: tuple[Name, ...] = ()


def missing(message: str, *needs: Name) -> Refused:
    """Return why a line is not taken that needs what is not there."""
    refusal = Refused(message)
    refusal.needs = needs
    return refusal


@dataclass(frozen=True)
class RecordFields:
    """The fields of one kind of line. All are text, but for switches and lists."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


RECORD_TYPES = {
    "member": RecordFields(("handle",), ("password", "created_at")),
    "group": RecordFields(
        ("slug", "name"),
        (
            "topic",
            "description",
            "guidelines",
            "welcome",
            "leader_kind",
            "visibility",
            "readable_by_all",
            "created_at",
        ),
    ),
    "membership": RecordFields(("group", "handle"), ("role", "created_at")),
    "thread": RecordFields(
        ("ref", "group", "author", "title", "body"),
        ("format", "content_note", "says_hello", "created_at"),
    ),
    "post": RecordFields(
        ("thread", "author", "body"), ("ref", "format", "content_note", "created_at")
    ),
    "reaction": RecordFields(("post", "handle", "kind"), ("created_at",)),
    "study": RecordFields(
        ("slug", "title", "about", "run_by", "ethics", "contact", "groups", "document"),
        ("opened_at", "zone", "linkage"),
    ),
    "consent": RecordFields(("study", "handle", "clauses"), ("at",)),
}
KEY_FIELDS = {"member": "handle", "group": "slug", "thread": "ref", "post": "ref", "study": "slug"}
BOOLEANS = ("readable_by_all", "says_hello", "linkage")
LISTS = ("groups", "clauses")
DATES = ("created_at", "opened_at", "at")


@dataclass(frozen=True)
class Record:
    """One line, understood: its kind, its text fields, its switches, its moment, its lists."""

    kind: str
    text: Mapping[str, str]
    switches: Mapping[str, bool]
    at: datetime | None
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """The idempotency key of a thread or post; empty for other kinds.

        It comes from the ref alone, so a line can be found again by it, or else from all that the
        line says.
        """
        if "body" not in self.text:
            return ""
        if ref := self.text.get("ref"):
            return ref_key(self.kind, ref)
        moment = self.at.isoformat() if self.at else ""
        return _digest(self.kind, *(self.text[n] for n in ("thread", "author", "body")), moment)

    @property
    def made(self) -> tuple[Name, ...]:
        """What this line makes, for later lines to name."""
        if self.kind == "membership":
            return ((self.kind, membership_name(self.text["group"], self.text["handle"])),)
        name = self.text.get(KEY_FIELDS.get(self.kind, ""), "")
        return ((self.kind, name),) if name else ()

    def fingerprint(self) -> int:
        """Return a number that tells, within this process, whether two lines say the same."""
        return hash((self.kind, tuple(sorted(self.text.items())), self.at))


def membership_name(slug: str, handle: str) -> str:
    """Return the name of a membership."""
    return f"{handle} in {slug}"


def ref_key(kind: str, ref: str) -> str:
    """Return the idempotency key of the thread or post with this ref."""
    return _digest(kind, ref)


def parse(line: bytes) -> Record:
    """Return what a line says. Raises Refused, with the reason."""
    if len(line) > LINE_MAX_BYTES:
        raise Refused(f"The line is longer than {LINE_MAX_BYTES:,} bytes.")
    try:
        value = json.loads(
            line.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_object
        )
    except UnicodeDecodeError as problem:
        raise Refused(f"The line is not UTF-8 (byte {problem.start + 1}).") from problem
    except json.JSONDecodeError as problem:
        raise Refused(f"The line is not JSON: {problem.msg} (column {problem.colno}).") from problem
    except RecursionError as problem:
        raise Refused("The line is nested too deeply.") from problem
    except ValueError as problem:
        raise Refused("The line has a number in it that cannot be read.") from problem
    return record(value)


def record(value: Any) -> Record:
    """Return a decoded line as a Record. Raises Refused, with the reason."""
    if not isinstance(value, dict):
        raise Refused("A line must be a JSON object, in curly brackets.")
    kind = value.pop("type", None)
    fields_of = RECORD_TYPES.get(kind) if isinstance(kind, str) else None
    if fields_of is None:
        raise Refused(f"“type” must be one of {', '.join(RECORD_TYPES)}.")
    fields = {name: given for name, given in value.items() if given is not None}
    _check_names(fields, fields_of)
    other = (*BOOLEANS, *LISTS)
    text = {name: _text(name, given) for name, given in fields.items() if name not in other}
    moments = [_date(name, text.pop(name)) for name in DATES if name in text]
    return Record(
        kind=str(kind),
        text=text,
        switches={name: _boolean(name, fields[name]) for name in BOOLEANS if name in fields},
        at=moments[0] if moments else None,
        lists={name: _list(name, fields[name]) for name in LISTS if name in fields},
    )


def short(words: str) -> str:
    """Return a handle, ref or the like as a report can show it."""
    return f"“{words[:60]}…”" if len(words) > 60 else f"“{words}”"


def _check_names(fields: Mapping[str, Any], fields_of: RecordFields) -> None:
    missing = [name for name in fields_of.required if name not in fields]
    if missing:
        raise Refused(f"“{missing[0]}” is missing.")
    unknown = [name for name in fields if name not in fields_of.required + fields_of.optional]
    if unknown:
        raise Refused("This kind of line has no field " + short(repr(unknown[0])[1:-1]) + ".")


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Refused(f"“{name}” must be text, in quotation marks.")
    if any(unicodedata.category(c) == "Cs" or c == "\0" for c in value):
        raise Refused(f"“{name}” has half a character in it (a lone surrogate or a NUL).")
    value = with_windows_signs(value)
    if name in {"ref", "thread", "post"} and not 0 < len(value) <= REF_MAX:
        raise Refused(f"“{name}” must have 1 to {REF_MAX} characters.")
    if name == "format" and value not in {"markdown", "html"}:
        raise Refused("“format” must be markdown or html.")
    return value


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused(f"“{name}” must be true or false.")
    return value


def _list(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise Refused(f"“{name}” must be a list of texts, in square brackets.")
    return tuple(_text(name, each) for each in value)


def _date(name: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError as problem:
        raise Refused(f"“{name}” is not a date in ISO 8601: {short(value)}.") from problem
    if not EARLIEST_YEAR < moment.year < 9999:
        raise Refused(f"“{name}” cannot be in the year {moment.year}.")
    utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if utc > clock.now() + CLOCK_SKEW:
        raise Refused(f"“{name}” is in the future: {short(value)}.")
    return utc


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused("The line names the same field twice.")
    return found


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _no_number(name: str) -> NoReturn:
    raise Refused(f"{name} is not a value that JSON knows.")
