"""Cells of CSV files that a spreadsheet takes for words, whatever is in them.

A cell that begins like a formula is run when the file is opened. So is one that only begins so
after blanks, with the wide signs of Japanese keyboards, or after a semicolon: where decimals are
written with a comma, spreadsheets part the line there, whatever quotation marks say.
"""

import re

_BLANK = ' "\u00a0\u00ad\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff'
_SIGNS = "=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
# The same for Python and for RE2, which pyarrow uses; `SAFE` goes in place of what is found.
RISKY = f"(^|[;\t\r\n])([{_BLANK}]*)([{_SIGNS}])|^([\t\r\n])"
SAFE = r"\1\2'\3\4"
_risky = re.compile(RISKY)


def safe_cell(words: str) -> str:
    """Return words with an apostrophe before whatever a spreadsheet could take for a formula."""
    return _risky.sub(_with_apostrophe, words)


def _with_apostrophe(found: re.Match[str]) -> str:
    before, blank, sign, lone = (part or "" for part in found.groups())
    return f"{before}{blank}'{sign}{lone}"
