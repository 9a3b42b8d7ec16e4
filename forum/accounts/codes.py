"""Recovery codes: ten ways back in for somebody who has lost the password and has no e-mail."""

import secrets

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forum.accounts.models import RecoveryCode
from forum.core import ids

HOW_MANY = 10
# No letter that could be read as another one; 16 of 32 make 80 bits.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH, PART = 16, 4
_READ_AS = str.maketrans("oil", "011")


def renew(session: Session, account_id: int) -> tuple[str, ...]:
    """Replace all of somebody's codes; the new ones are returned once and kept as digests."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    made = tuple(_make() for _ in range(HOW_MANY))
    session.add_all(RecoveryCode(digest=_digest(code), account_id=account_id) for code in made)
    session.flush()
    return made


def use(session: Session, account_id: int, code: str) -> bool:
    """Use a code up; return whether it was one of this person's."""
    used = delete(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.digest == _digest(code)
    )
    return session.execute(used.returning(RecoveryCode.digest)).first() is not None


def _make() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[at : at + PART] for at in range(0, LENGTH, PART))


def _digest(code: str) -> str:
    plain = code[:100].casefold().translate(_READ_AS)
    return ids.digest("".join(c for c in plain if c in ALPHABET))
