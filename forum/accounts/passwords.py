"""Passwords: how good one must be, and how it is kept (argon2id).

The work takes a tenth of a second and 64 MB by intention, so it never runs in a transaction.
"""

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent.threadpool import ThreadPool

from forum.core import background
from forum.core.errors import Invalid

LEAST, MOST = 10, 128
SCORE_LEAST = 3
JUDGED_MAX = 72  # zxcvbn's time grows with the square of the length
UNUSABLE = "!"
AT_ONCE = 2  # each takes 64 MB
_hasher = PasswordHasher()


def checked(password: str, *, field: str = "password", known: Iterable[str] = ()) -> str:
    """Return a new password if it is good. Raises Invalid for `field`.

    `known` are words that others would try first, such as the handle.
    """
    problem = _problem(_plain(password), [word for word in known if word])
    if problem:
        raise Invalid(fields={field: problem})
    return password


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return str(_apart(_hasher.hash, _bytes(password)))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes the same time when there is none to compare with."""
    usable = kept is not None and kept != UNUSABLE
    compared = kept if usable and kept else _nobodys(_hasher)
    return bool(_apart(_fits, compared, _bytes(password))) and usable


def outdated(kept: str) -> bool:
    """Whether a password should be hashed anew, since the parameters have changed."""
    return _hasher.check_needs_rehash(kept)


def _problem(password: str, known: list[str]) -> str:
    if not LEAST <= len(password) <= MOST:
        return f"A password has {LEAST} to {MOST} characters; this has {len(password):,}."
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in password):
        return "The password has a character in it that no keyboard makes."
    from zxcvbn import zxcvbn  # lists of 90,000 words, for who chooses a password alone

    judged = zxcvbn(password[:JUDGED_MAX], user_inputs=known)
    if judged["score"] < SCORE_LEAST:
        return "This one is easy to guess. Three or four unrelated words make a good password."
    return ""


def _fits(kept: str, password: bytes) -> bool:
    # Caught here, since gevent logs what leaves a thread of its pool as if nobody caught it.
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _plain(password: str) -> str:
    # The same letters come composed from one keyboard and decomposed from another.
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    return _plain(password).encode("utf-8", "surrogatepass")


def _apart(work: Callable[..., Any], *values: Any) -> Any:
    # In the server everybody else's requests go on meanwhile.
    return _pool().apply(work, values) if background.serving() else work(*values)


@lru_cache
def _pool() -> ThreadPool:
    return ThreadPool(AT_ONCE)


@lru_cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash(b"the password of nobody")
