"""Scripts hold no words: these come from the page, in its language."""

import re
from pathlib import Path

import pytest

from forum.core.web.templating import assets

SCRIPTS = assets.folder("static") / "js"
COMMENT = re.compile(r"/\*.*?\*/|(?m:^|(?<=\s))//[^\n]*", re.DOTALL)
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`')
VALUE = re.compile(r"\$\{[^}]*\}")
SENTENCE = re.compile(r"^[A-Z][a-z\u2019']+(?:[ .…,]|$)|[a-z]{3,} [a-z]{2,} [a-z]{2,}")
# Keys of the keyboard, scripts of Unicode, and what only developers read.
NOT_SHOWN = re.compile(
    r"Escape|Tab|Enter|Shift|Control|Meta|Arrow\w+|Home|End|Page\w+|Backspace|Accept|Content-Type"
    r"|Balinese|Han\w*|Hang|Hira|Javanese|Kana|Katakana|Khm\w+|Lao\w*|My\w+|Thai|Tib\w+|Hiragana"
    r"|use strict|AbortError|NotAllowedError|TimeoutError|DELETE|GET|POST|Notification"
)


def words_in(path: Path) -> list[str]:
    """Return the words of a script that people would read."""
    code = COMMENT.sub("", path.read_text())
    texts = (VALUE.sub("", found[1] or found[2] or "") for found in TEXT.finditer(code))
    return [
        text.strip()
        for text in texts
        if SENTENCE.search(text.strip()) and not NOT_SHOWN.fullmatch(text.strip())
    ]


@pytest.mark.parametrize(
    "script", sorted(str(one.relative_to(SCRIPTS)) for one in SCRIPTS.rglob("*.js"))
)
def test_a_script_holds_no_words(script: str) -> None:
    assert words_in(SCRIPTS / script) == []
