"""What happens to studies and consents."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StudyOpened:
    """The members of a study's groups are invited."""

    study_id: int
    at: datetime


@dataclass(frozen=True)
class StudyDocumentChanged:
    """A study asks for consent to another text from now on."""

    study_id: int
    version: int
    at: datetime


@dataclass(frozen=True)
class StudyClosed:
    """Nothing more is recorded for a study."""

    study_id: int
    at: datetime


@dataclass(frozen=True)
class ConsentGiven:
    """Somebody agreed to a study, or to other clauses of it than before."""

    study_id: int
    participant: int
    at: datetime


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A participant stopped taking part; `erased` when what was recorded is gone."""

    study_id: int
    participant: int
    erased: bool
    at: datetime


@dataclass(frozen=True)
class ResearcherNamed:
    """A study names somebody as its researcher."""

    study_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True)
class ResearcherRemoved:
    """A study names somebody no longer."""

    study_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True)
class GroupLeftStudy:
    """A study takes place in a group no longer."""

    study_id: int
    group_id: int
    at: datetime
