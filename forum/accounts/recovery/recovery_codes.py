"""Recovery codes: ten ways back in for a member who has lost the password and has no email.

Kept are slow hashes (argon2id) of their digests with a salt for each set, which makes a leaked
table useless. Older codes were kept as digests alone; `rehash_old` hashes those little by little.
"""

import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.accounts.models import RecoveryCode
from forum.core import ids
from forum.core.background import thread_pool
from forum.core.db import current_session, transaction

HOW_MANY = 10
# No letter that could be read as another one; 16 of 32 make 80 bits.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH, PART = 16, 4
# Never to be changed: what is kept was made with it. Guessing 80 bits is hopeless at any cost.
PASSES, MEMORY_KIB = 1, 8_192
UNSALTED = ""
_READ_AS = str.maketrans("oil", "011")


@dataclass(frozen=True)
class NewCodes:
    """Ten codes that are shown once, and their digests."""

    codes: tuple[str, ...]
    salt: str
    digests: tuple[str, ...]


def make() -> NewCodes:
    """Return ten new codes; before the transaction that keeps them, since it takes its time."""
    made, salt = tuple(_make() for _ in range(HOW_MANY)), secrets.token_hex(16)
    return NewCodes(made, salt, thread_pool.run(_slow, [_digest(code) for code in made], salt))


def renew(session: Session, account_id: int, new: NewCodes) -> tuple[str, ...]:
    """Replace all of somebody's codes; the new ones are returned once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(
        RecoveryCode(digest=digest, salt=new.salt, account_id=account_id) for digest in new.digests
    )
    session.flush()
    return new.codes


def digests(account_id: int | None, code: str) -> list[str]:
    """Return what would be kept of a code, as slowly for nobody's; before the transaction."""
    salts = current_session().scalars(
        select(RecoveryCode.salt).where(RecoveryCode.account_id == account_id).distinct()
    )
    digest = _digest(code)
    return [
        thread_pool.run(_slow, [digest], salt)[0] if salt else digest
        for salt in salts.all() or ["00" * 16]
    ]


def use(session: Session, account_id: int, kept: list[str]) -> bool:
    """Use the code up of which one of these is kept; return whether this person has it."""
    used = delete(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.digest.in_(kept)
    )
    return session.execute(used.returning(RecoveryCode.digest)).first() is not None


def rehash_old(most: int = 100) -> None:
    """Hash up to so many digests that are kept without a salt."""
    old = (
        current_session()
        .scalars(select(RecoveryCode.digest).where(RecoveryCode.salt == UNSALTED).limit(most))
        .all()
    )
    for digest in old:
        salt = secrets.token_hex(16)
        (slow,) = thread_pool.run(_slow, [digest], salt)
        with transaction() as session:
            session.execute(
                update(RecoveryCode)
                .where(RecoveryCode.digest == digest, RecoveryCode.salt == UNSALTED)
                .values(digest=slow, salt=salt)
                .execution_options(synchronize_session=False)
            )


def _make() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[at : at + PART] for at in range(0, LENGTH, PART))


def _digest(code: str) -> str:
    plain = code[:100].casefold().translate(_READ_AS)
    return ids.digest("".join(c for c in plain if c in ALPHABET))


def _slow(digests: list[str], salt: str) -> tuple[str, ...]:
    return tuple(
        hash_secret_raw(
            digest.encode(),
            bytes.fromhex(salt),
            time_cost=PASSES,
            memory_cost=MEMORY_KIB,
            parallelism=1,
            hash_len=32,
            type=Type.ID,
        ).hex()
        for digest in digests
    )
