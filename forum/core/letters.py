"""What letters are made of, in all alphabets: base letters, accents, marks and joiners."""

import re
import unicodedata
from functools import lru_cache

# "ø" and "ƒ" are letters of their own to Unicode, which tells of their base in their names only.
_NAMED = re.compile(
    r"LATIN (SMALL|CAPITAL) LETTER (?:(?:DOTLESS|SCRIPT|OPEN|LONG|SHARP|INSULAR|SMALL CAPITAL) )*"
    r"([A-Z])(?: WITH .+)?|LATIN LETTER SMALL CAPITAL ([A-Z])"
)
_KRA = {"\N{LATIN SMALL LETTER KRA}": "k"}


@lru_cache(maxsize=10_000)
def base(char: str) -> str:
    """Return the letter or digit of ASCII that a character is a form of; empty for others.

    A capital letter stays one.
    """
    plain = unicodedata.normalize("NFKD", char)[0]
    if plain.isascii():
        return plain if plain.isalnum() else ""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    named = _NAMED.fullmatch(unicodedata.name(plain, ""))
    if not named:
        return _KRA.get(plain, "")
    letter = named[2] or named[3]
    return letter if named[1] == "CAPITAL" else letter.lower()
