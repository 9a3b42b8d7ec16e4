"""Passwords: how good one must be, and how it is kept (argon2id).

The work takes a tenth of a second and 64 MB by intention. `off_loop` does it beside everything
else, and refuses it in a transaction.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forum.accounts.login import common_passwords
from forum.core.background import thread_pool
from forum.core.errors import Invalid
from forum.core.translation import _, formats, lazy
from forum.core.web import request_sizes

MIN_LENGTH, MAX_LENGTH = 10, 128
# One letter may be typed as several characters, which become one when they are normalised.
MAX_TYPED_LENGTH = 3 * MAX_LENGTH
MIN_SCORE = 3
JUDGED_MAX = 40  # zxcvbn's time grows with the square of the length
UNUSABLE = "!"
EASY = lazy("This password is easy to guess. Three or four unrelated words make a good one.")
_hasher = PasswordHasher()
_site_name = ""


def init(site_name: str) -> None:
    """Take the forum's own name for easy to guess from now on."""
    global _site_name
    _site_name = site_name


def checked(password: str, *, field: str = "password", known: Iterable[str] = ()) -> str:
    """Return a new password if it is good. Raises Invalid for `field`.

    `known` are words that others would try first, such as the handle.
    """
    problem = _problem(password, [word for word in (*known, _site_name) if word])
    if problem:
        raise Invalid(fields={field: problem})
    return password


def hashed(password: str) -> str:
    """Return the hash of a password that was `checked`."""
    return thread_pool.run(_hasher.hash, _bytes(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes the same time when there is none to compare with."""
    # What is too long to be a password is not read, and takes the same time all the same.
    possible = request_sizes.fits(password, MAX_TYPED_LENGTH)
    usable = kept is not None and kept != UNUSABLE
    compared = kept if usable and kept else _nobodys(_hasher)
    fits = thread_pool.run(_fits, compared, _bytes(password if possible else ""))
    return fits and usable and possible


def needs_rehash(kept: str) -> bool:
    """Whether a password should be hashed again, since the parameters have changed."""
    return _hasher.check_needs_rehash(kept)


def _problem(password: str, known: list[str]) -> str:
    plain = _plain(password) if request_sizes.fits(password, MAX_TYPED_LENGTH) else password
    if not MIN_LENGTH <= len(plain) <= MAX_LENGTH:
        return _(
            "Your password needs %(least)s to %(most)s characters. This one has %(count)s.",
            least=MIN_LENGTH,
            most=MAX_LENGTH,
            count=formats.number(len(plain)),
        )
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in plain):
        return _(
            "Your password contains a hidden character, perhaps copied from elsewhere. Type it in "
            "by hand."
        )
    return thread_pool.run(_guessed, plain, known)


def _guessed(password: str, known: list[str]) -> str:
    from zxcvbn import zxcvbn  # lists of 90,000 words, for who chooses a password alone

    if common_passwords.is_common(password, known):
        return EASY
    judged = zxcvbn(password[:JUDGED_MAX], user_inputs=[*known, *" ".join(known).split()])
    return EASY if judged["score"] < MIN_SCORE else ""


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


@lru_cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash(b"the password of nobody")
