"""Cells of CSV files that a spreadsheet takes for words, whatever is in them.

A cell that begins like a formula is run when the file is opened. So is one that only begins so
after blanks, with the wide signs of Japanese keyboards, or after a semicolon: where decimals are
written with a comma, spreadsheets part the line there, whatever quotation marks say.
"""

import re

# What shows nothing: control characters, white space, fillers, selectors and signs of direction.
_BLANK = (
    ' "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u180b-\u180f'
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc"
    "\U000e0000-\U000e0fff"
)
_SIGNS = "=+\\-@\u207a-\u207c\u208a-\u208c\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
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
