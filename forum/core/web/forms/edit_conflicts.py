"""Two hands on one text: a form says what it showed, and is refused when that has changed.

A page that changes something has a digest of what it showed (`version_of`), and the service
compares it in the transaction that locks the thing (`require_same`). The refusal holds what is
there now: both texts are on the page, with the version to save all the same. Programs that send no
version are taken at their word, as they were before.
"""

import json
from collections.abc import Mapping
from typing import Any

from forum.core import ids
from forum.core.errors import Invalid
from forum.core.translation import lazy

FIELD = "shown_version"
CHANGED = lazy(
    "Someone else has changed this in the meantime, so nothing of yours is saved yet. What you "
    "typed is still here. Compare it with what it says now, then save again."
)


class Meanwhile(str):
    """The words of the refusal, with what is there `now` and its `version`."""

    now: dict[str, str]
    version: str

    def __new__(cls, now: Mapping[str, str], version: str) -> "Meanwhile":
        """Return the words with these facts."""
        words = super().__new__(cls, str(CHANGED))
        words.now, words.version = dict(now), version
        return words


class EditConflict(Invalid):
    """Somebody has changed the same thing since the page was loaded."""

    status = 409
    code = "changed_meanwhile"

    def __init__(self, now: Mapping[str, str], version: str) -> None:
        self.now, self.version = dict(now), version
        super().__init__(CHANGED, fields={"": Meanwhile(now, version)})

    def as_dict(self) -> dict[str, object]:
        """Return the public shape of an error, with what is there now and its version."""
        return {
            "code": self.code,
            "message": str(self.message),
            "fields": {},
            "now": self.now,
            FIELD: self.version,
        }


def version_of(*shown: Any) -> str:
    """Return the version of what is shown: the same for the same values, whatever their order."""
    return ids.digest(json.dumps(shown, sort_keys=True, default=str))[:32]


def require_unchanged(given: str | None, current: str, now: Mapping[str, str]) -> None:
    """Raise EditConflict when a form was made of another version than the current one.

    `now` is what it says now, by the label of each field that would become another. Where there is
    none, the same was sent twice, and nothing is refused. Without a version nothing is asked.
    """
    if given and given != current and now:
        raise EditConflict(now, current)
