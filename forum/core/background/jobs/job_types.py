"""What a kind of background job consists of."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy.orm import Session


class StepDone(NamedTuple):
    """What a stage says after each piece: how many rows, and up to which key.

    Rows that are no longer found once they are done need no key.
    """

    rows: int = 1
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Task:
    """What a job is about."""

    subject_id: int
    params: dict[str, Any]
    after: tuple[int, ...] = ()


Steps: TypeAlias = Generator[StepDone, None, None]


@dataclass(frozen=True)
class Stage:
    """One part of a job.

    `work` goes on after `task.after`, and may be stopped after each piece, which takes a few
    milliseconds; a stage is over when it has no piece left. It runs inside a transaction with
    other pieces, so it must lock what it needs in the order that everybody does. `label` is what
    people read meanwhile, and `size` counts the rows there are, if that is worth showing.
    """

    label: str
    work: Callable[[Session, Task], Steps]
    size: Callable[[Session, Task], int] | None = None


@dataclass(frozen=True)
class JobType:
    """A kind of job; `finish` follows when the last stage is committed, and may fail."""

    name: str
    stages: tuple[Stage, ...]
    finish: Callable[[], None] | None = None


_job_types: dict[str, JobType] = {}


def register(kinds: Iterable[JobType]) -> None:
    """Replace the kinds that this process can do."""
    _job_types.clear()
    _job_types.update({kind.name: kind for kind in kinds})


def job_type(name: str) -> JobType:
    """Return a kind. Raises KeyError for one that this version does not know."""
    return _job_types[name]
