"""Erasing again, in a forum that was restored from a backup, whom the tombstones name."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import select

from forum.accounts.models import Account
from forum.core import optional_slices
from forum.core.db import current_session
from forum.core.errors import NotFound
from forum.privacy import service as privacy
from forum.privacy.tombstones import tombstone_file
from forum.privacy.tombstones.service import digest
from forum.privacy.tombstones.tombstone_file import Entry

research = optional_slices.optional("forum.research.withdrawn_again")


def replay(entries: Collection[Entry]) -> Counter[str]:
    """Erase and withdraw again what these name; return how much of each kind was found.

    Accounts are closed at once; the jobs that take away what they wrote have yet to run.
    """
    found = Counter[str]()
    by_kind = {
        kind: {one.digest: one for one in entries if one.kind == kind}
        for kind in {one.kind for one in entries}
    }
    if research:
        erased = by_kind.get(tombstone_file.PARTICIPANT, {})
        withdrawn = by_kind.get(tombstone_file.CONSENT, {})
        found[tombstone_file.PARTICIPANT] = research.erase_again(
            lambda key: digest(tombstone_file.PARTICIPANT, key) in erased
        )
        found[tombstone_file.CONSENT] = research.withdraw_again(
            lambda key: (one := withdrawn.get(digest(tombstone_file.CONSENT, key))) and one.at
        )
    for kind in (tombstone_file.WITHOUT_POSTS, tombstone_file.WITH_POSTS):
        found[kind] = _accounts(kind, by_kind.get(kind, {}))
    return found


def _accounts(kind: str, named: Collection[str]) -> int:
    if not named:
        return 0
    rows = current_session().execute(select(Account.id, Account.public_id)).all()
    again = [row.id for row in rows if digest(kind, row.public_id) in named]
    return sum(_erase(account_id, kind) for account_id in again)


def _erase(account_id: int, kind: str) -> bool:
    try:
        privacy.erase(account_id, remove=kind == tombstone_file.WITH_POSTS)
    except NotFound:  # it was being erased when the backup was made
        return False
    return True
