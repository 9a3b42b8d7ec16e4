"""Handles: which are allowed, and which of them people would take for one another.

The data of Unicode's UTS 39 comes from `confusable_homoglyphs`, which keeps pairs; the centre of
each star of pairs is the prototype that the others are mistaken for.
"""

import unicodedata
from functools import lru_cache

from confusable_homoglyphs import categories, confusables

from forum.core import ids
from forum.core.errors import Invalid

LEAST, MOST, KEY_MAX = 3, 30, 200
RESERVED = (
    "account", "admin", "administration", "administrator", "all", "anonymous", "channel",
    "common-thread", "crisis", "deleted", "erased", "everybody", "everyone", "facilitator",
    "former-member", "formermember", "forum", "group", "guest", "help", "helpline", "here",
    "info", "mail", "me", "member", "mod", "moderation", "moderator", "moderators", "nobody",
    "null", "official", "operator", "owner", "postmaster", "removed", "researcher", "root",
    "safety", "security", "site", "somebody", "staff", "support", "system", "team", "undefined",
    "visitor", "webmaster", "you",
)  # fmt: skip
WRITTEN_TOGETHER = (
    {"HAN", "HIRAGANA", "KATAKANA"}, {"HAN", "HANGUL"}, {"HAN", "BOPOMOFO"},
)  # fmt: skip
_LETTERS = {"Lu", "Ll", "Lt", "Lo", "Nd"}
_JOINERS = "-_"
# What two letters look like side by side is spelled out; joiners are easily overlooked.
_TOGETHER = str.maketrans({"w": "vv", "d": "cl", **dict.fromkeys(_JOINERS, "")})
_MORE_LETTERS = "\N{IDEOGRAPHIC ITERATION MARK}\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}"
_INVISIBLE = "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
_MARKS = "\N{LEFT-TO-RIGHT MARK}"
_key = ""


def init(key: str) -> None:
    """Keep retired handles under this secret from now on."""
    global _key
    _key = key


def fold(handle: str) -> str:
    """Return what look-alikes have in common: the same for all of them, and for itself."""
    before, key = "", handle
    while key != before:
        before, key = key, "".join(map(_prototype, _plain(key)))
        key = key.translate(_TOGETHER)
    return key


def are_same(one: str, other: str) -> bool:
    """Whether two handles are the same letters, whether capital or small, not mere look-alikes."""
    return _plain(one.strip()) == _plain(other.strip())


def key_of(handle: str) -> str | None:
    """Return `fold(handle)` for a look-up; None for what cannot be a handle."""
    form = unicodedata.normalize("NFKC", handle[: 10 * MOST]).strip()
    possible = LEAST <= len(form) <= MOST and all(map(_allowed, form))
    return fold(form) if possible else None


def digest(handle: str) -> str:
    """Return what is kept of a handle that must not be read: the same for all look-alikes."""
    return ids.keyed_digest(fold(handle), _key)


def checked(handle: str, *, reserved: bool = False) -> str:
    """Return a new handle in its stored form. Raises Invalid; `reserved` allows reserved names."""
    form = unicodedata.normalize("NFKC", handle[: 10 * MOST]).strip()
    problem = _problem(form) or ("" if reserved else _reserved(form))
    if problem:
        raise Invalid(fields={"handle": problem})
    return form


def _problem(form: str) -> str:
    if not LEAST <= len(form) <= MOST:
        return f"A handle has {LEAST} to {MOST} characters."
    if not all(map(_allowed, form)):
        return "A handle is made of letters, digits, - and _."
    if form[0] in _JOINERS or form[-1] in _JOINERS:
        return "A handle begins and ends with a letter or a digit."
    scripts = categories.unique_aliases(form) - {"COMMON", "INHERITED"}
    if len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER):
        return "Please write the handle in one alphabet; letters of several look too much alike."
    if _seems_latin(form) or len(fold(form)) > KEY_MAX:
        return "This handle looks just like another one in Latin letters. Please choose another."
    return ""


def _reserved(form: str) -> str:
    return "This handle is kept for the forum itself." if fold(form) in _kept() else ""


def _seems_latin(form: str) -> bool:
    # Only capitals, such as Greek "NANA", can look Latin without folding to the same key.
    looks = "".join(map(_prototype, unicodedata.normalize("NFKD", form)))
    bare = "".join(c for c in looks if not unicodedata.combining(c))
    return (
        bare.isascii()
        and not any("LATIN" in unicodedata.name(c, "") for c in form)
        and (not form.isascii())
    )


def _allowed(char: str) -> bool:
    return char not in _INVISIBLE and (
        unicodedata.category(char) in _LETTERS or char in _JOINERS or char in _MORE_LETTERS
    )


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKD", folded).casefold()


@lru_cache
def _kept() -> frozenset[str]:
    return frozenset(fold(name) for name in RESERVED)


@lru_cache(maxsize=20_000)
def _prototype(char: str) -> str:
    pairs = confusables.confusables_data
    if char in "iI":
        return "l"
    alike = [other["c"] for other in pairs.get(char, ())]
    centre = max([char, *alike], key=lambda one: (len(pairs.get(one, ())), len(one), one < "\x80"))
    return "".join(c for c in centre if c not in _MARKS)
