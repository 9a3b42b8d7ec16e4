"""Characters that were spoilt on their way: put right before anything else looks at a text."""

import re

from forum.core.text.alphabets.letters import JOINERS

# A joiner joins the signs on both sides of it; anywhere else it is left over.
_LEFT_OVER = re.compile(f"(?<![^\\s{JOINERS}])[{JOINERS}]|[{JOINERS}](?![^\\s{JOINERS}])")
_INVISIBLE = re.compile("[\u00ad\u200b\u202a-\u202e\u2060-\u2064\ufeff]")


def without_invisible(text: str) -> str:
    """Return a text without what only HTML has a use for, such as soft hyphens.

    Joiners inside words and emoji stay: Persian, Indic scripts and families need them.
    """
    return _LEFT_OVER.sub("", _INVISIBLE.sub("", text))
