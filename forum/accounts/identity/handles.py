"""Handles: which are allowed, in the letters of every alphabet.

A handle has 3 to 30 letters and digits; 2 are enough where a letter is a syllable or a word. The
marks that letters of Hindi or Thai are made of count as letters. See also `look_alikes`.
"""

import re
import unicodedata

from confusable_homoglyphs import categories

from forum.accounts.identity.look_alikes import SEPARATORS, fold, plain, prototype, skeleton
from forum.accounts.identity.reserved_handles import claims_role, is_reserved
from forum.core import ids
from forum.core.errors import Invalid
from forum.core.text.alphabets import letters
from forum.core.translation import _

__all__ = [
    "are_same",
    "checked",
    "columns",
    "digest",
    "fold",
    "init",
    "key_of",
    "nearest",
    "retired_digests",
    "secret",
    "skeleton",
]

MIN_LENGTH, MAX_LENGTH, KEY_MAX = 3, 30, 200
MAX_ACCENTS, MAX_MARKS = 2, 5  # in a row; a syllable of Tibetan has up to four
WRITTEN_TOGETHER = (
    {"HAN", "HIRAGANA", "KATAKANA"},
    {"HAN", "HANGUL"},
    {"HAN", "BOPOMOFO"},
)
SYLLABLES = {"HAN", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "ETHIOPIC", "YI"}
_LETTERS = {"Lu", "Ll", "Lt", "Lo", "Nd"}
_MORE_LETTERS = "\N{IDEOGRAPHIC ITERATION MARK}\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}"
_BETWEEN_SYLLABLES = "\N{TIBETAN MARK INTERSYLLABIC TSHEG}"
_INVISIBLE = "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
# Compatibility forms are written out, but for these, whose parts nobody types.
_WHOLE = "\N{THAI CHARACTER SARA AM}\N{LAO VOWEL SIGN AM}"
# Scripts in which a joiner between two letters changes how they are written.
_JOINED = {
    "ARABIC",
    "BENGALI",
    "DEVANAGARI",
    "GUJARATI",
    "GURMUKHI",
    "KANNADA",
    "KHMER",
    "MALAYALAM",
    "MONGOLIAN",
    "MYANMAR",
    "ORIYA",
    "SINHALA",
    "SYRIAC",
    "TAMIL",
    "TELUGU",
}
_JOINERS = re.compile(f"[{letters.JOINERS}]+")
_key = ""


def init(key: str) -> None:
    """Keep retired handles under this secret from now on."""
    global _key
    _key = key


def secret() -> str:
    """Return the secret under which names are kept that must not be read."""
    return _key


def nearest(name: str) -> str:
    """Return a name with a hyphen for everything that no handle can hold, cut to length."""
    form = "".join(char if _allowed(char) else "-" for char in _form(name))
    return (
        re.sub(f"[{SEPARATORS}]{{2,}}", "-", form).strip(SEPARATORS)[:MAX_LENGTH].strip(SEPARATORS)
    )


def are_same(one: str, other: str) -> bool:
    """Whether two handles are the same letters, whether capital or small, not mere look-alikes."""
    return plain(one.strip()) == plain(other.strip())


def key_of(handle: str) -> str | None:
    """Return `fold(handle)` for a look-up; None for what cannot be a handle."""
    form = _form(handle)
    possible = 1 < len(form) <= MAX_LENGTH and all(map(_allowed, form))
    return fold(form) if possible else None


def digest(handle: str) -> str:
    """Return the digest of a handle that must not be read: the same for all look-alikes."""
    return ids.keyed_digest(fold(handle), _key)


def retired_digests(handle: str) -> set[str]:
    """Return the digests that reserve a handle for good."""
    return {digest(handle), ids.keyed_digest(skeleton(handle), _key)}


def columns(handle: str) -> dict[str, str]:
    """Return the columns of an account that a handle fills."""
    return {
        "handle": handle,
        "handle_key": fold(handle),
        "handle_skeleton": skeleton(handle)[:KEY_MAX],
        "handle_sort": letters.sort_key(handle)[:KEY_MAX],
    }


def checked(handle: str, *, reserved: bool = False, roles: bool = False) -> str:
    """Return a new handle in its stored form. Raises Invalid.

    `reserved` allows names that are kept for the forum, `roles` those that claim a role in it.
    """
    form = _form(handle)
    problem = _problem(form)
    if not problem and (
        (is_reserved(form) and not reserved) or (claims_role(form) and not roles and not reserved)
    ):
        problem = _("This username is reserved for the forum itself. Please choose another.")
    if problem:
        raise Invalid(fields={"handle": problem})
    return form


def _form(handle: str) -> str:
    given = handle[: 10 * MAX_LENGTH].strip()
    wide = "".join(c if c in _WHOLE else unicodedata.normalize("NFKC", c) for c in given)
    return unicodedata.normalize("NFC", wide)


def _problem(form: str) -> str:
    scripts = categories.unique_aliases(form) - {"COMMON", "INHERITED"}
    least = 2 if scripts and scripts <= SYLLABLES else MIN_LENGTH
    if not least <= len(_JOINERS.sub("", form)) or len(form) > MAX_LENGTH:
        return _(
            "Your username needs %(least)s to %(most)s letters, numbers, hyphens or underscores.",
            least=least,
            most=MAX_LENGTH,
        )
    if not all(map(_allowed, form)) or not _is_well_formed(form, scripts):
        return _(
            "Your username can only have letters of any alphabet, numbers, hyphens (-) and "
            "underscores (_). Remove any spaces or other symbols."
        )
    if not _stands_alone(form[0]) or not (_stands_alone(form[-1]) or letters.is_mark(form[-1])):
        return _("Begin and end your username with a letter or a number.")
    # Signs such as 〆 are of no script, but appear beside letters of unspaced scripts alone.
    kinds = {letters.touches_other_words(char) for char in form if char.isalpha()}
    together = len(scripts) < 2 or any(scripts <= these for these in WRITTEN_TOGETHER)
    if len(kinds) > 1 or not together:
        return _(
            "Use letters of one alphabet only. Letters of different alphabets can look the same."
        )
    if _seems_latin(form) or len(fold(form)) > KEY_MAX:
        return _("This username looks just like one in Latin letters. Please choose another.")
    return ""


def _is_well_formed(form: str, scripts: set[str]) -> bool:
    """Whether marks follow letters, few in a row, and joiners are where they join."""
    if _JOINERS.search(form) and not scripts <= _JOINED:
        return False
    marks = accents = 0
    before = ""
    for char in form:
        marks = marks + 1 if letters.is_mark(char) else 0
        accents = accents + 1 if letters.is_accent(char) else 0
        joins = marks or char in letters.JOINERS
        if joins and (not before or before in SEPARATORS + letters.JOINERS + _BETWEEN_SYLLABLES):
            return False
        if marks > MAX_MARKS or accents > MAX_ACCENTS:
            return False
        before = char
    return True


def _seems_latin(form: str) -> bool:
    # Only capitals, such as Greek "NANA", can look Latin without folding to the same key.
    looks = "".join(map(prototype, unicodedata.normalize("NFKD", form)))
    bare = "".join(c for c in looks if not unicodedata.combining(c))
    return (
        bare.isascii()
        and not any("LATIN" in unicodedata.name(c, "") for c in form)
        and (not form.isascii())
    )


def _stands_alone(char: str) -> bool:
    return char not in _INVISIBLE and (
        unicodedata.category(char) in _LETTERS or char in _MORE_LETTERS
    )


def _allowed(char: str) -> bool:
    return (
        _stands_alone(char)
        or letters.is_mark(char)
        or char in SEPARATORS + letters.JOINERS + _BETWEEN_SYLLABLES
    )
