"""Names under which people were brought in from elsewhere, where they could not be a handle here.

The names themselves are not kept, since some are real ones: a keyed digest is enough to find a
person again when later files name them.
"""

import re
from collections.abc import Iterator

from sqlalchemy import select

from forum.accounts import queries
from forum.accounts.identity import handles
from forum.accounts.identity.look_alikes import plain
from forum.accounts.models import ImportedName
from forum.core import ids
from forum.core.db import current_session, transaction
from forum.core.errors import Invalid
from forum.safety import detector

NUMBERS = range(2, 100)


def account_of(name: str) -> int | None:
    """Return the account that was made for somebody with this name elsewhere."""
    kept = select(ImportedName.account_id).where(ImportedName.digest == _digest(name))
    return current_session().scalar(kept)


def belongs_to_another(account_id: int, name: str) -> bool:
    """Whether an account was made for somebody whose name elsewhere was not this one."""
    kept = select(ImportedName.digest).where(ImportedName.account_id == account_id)
    digest = current_session().scalar(kept)
    return digest is not None and digest != _digest(name)


def remember(name: str, account_id: int) -> None:
    """Keep for whom an account was made whose handle is not their name elsewhere."""
    with transaction() as session:
        session.add(ImportedName(digest=_digest(name), account_id=account_id))


def free_handle(name: str) -> str:
    """Return the handle for an imported person: their name, or what comes nearest.

    What a handle cannot hold becomes a hyphen; then a number is added, from 2 on; where even that
    cannot be had, or the name is an email address or a telephone number, it is "member-" and a few
    letters and digits.
    """
    return next(handle for handle in _candidates(name) if _is_free(handle))


def _candidates(name: str) -> Iterator[str]:
    digest = _digest(name)
    made_up = (f"member-{digest[start : start + 8]}" for start in range(len(digest) - 8))
    if not {"email", "phone"}.isdisjoint(detector.find_personal_details(name)):
        yield from made_up
        return
    yield name
    near = handles.nearest(name)
    yield near
    room = handles.MAX_LENGTH - len(f"-{NUMBERS[-1]}")
    for number in NUMBERS:
        yield f"{near[:room].rstrip('-_')}-{number}"
    yield from made_up


def _is_free(handle: str) -> bool:
    try:
        return not queries.is_handle_taken(handles.checked(handle))
    except Invalid:
        return False


def _digest(name: str) -> str:
    words = re.sub(r"\s+", " ", plain(name)).strip()
    return ids.keyed_digest(f"imported name: {words}", handles.secret())
