"""Names in a text: which it holds, and whom it calls.

Whom a text calls is linked and notified. Code, links with their labels and titles, pictures,
comments, escaped signs and quotations call nobody: a quoted name would call people back into what
they have left.
"""

import re
import unicodedata
from collections.abc import Iterator, MutableMapping, Sequence, Set
from itertools import accumulate, groupby
from typing import Any
from urllib.parse import quote

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from forum.core.text.alphabets.letters import JOINERS, MARKS, TOUCHING
from forum.core.text.blocks import INDENTED
from forum.core.text.inlines import TITLE

# What a handle can be made of (`handles.py`), whether its marks are typed apart or not.
_BETWEEN = "\N{TIBETAN MARK INTERSYLLABIC TSHEG}"
_PART = rf"\w{MARKS}{JOINERS}{_BETWEEN}-"
_LATIN = "A-Za-z\u00c0-\u024f"


def _name(without: str) -> str:
    """Return a pattern of a name that has no letter of these scripts, up to its end.

    Underscores beside it, as those of italics, and hyphens behind it are none of it.
    """
    letter, part = rf"(?![{without}])[^\W_]", rf"(?![{without}])[{_PART}]"
    end = rf"(?:{letter}|(?![{without}])[{MARKS}])"
    return (
        rf"{letter}(?:{part}){{0,88}}{end}"
        rf"(?![-_]{{0,3}}{letter})(?!(?![{without}])[{MARKS}{JOINERS}])"
    )


# Words of Chinese, Japanese, Korean or Thai may touch a name on both sides, and a name is of one
# alphabet: it begins behind such a word, and ends where the alphabet changes. What comes before an
# @ may also be a mail address, which goes on with a full stop, or a name elsewhere (@a@b.org).
MENTION = re.compile(
    rf"(?=@)(?:(?<=[{TOUCHING}])(?=@[{_PART}]{{1,91}}(?![{_PART}]|\.[^\W_]))"
    rf"|(?<!(?![{TOUCHING}])(?:[^\W_]|[{MARKS}]))(?<![{TOUCHING}@/.:-]))"
    rf"@((?=[0-9_-]{{0,29}}[{TOUCHING}]){_name(_LATIN)}|{_name(TOUCHING)})"
    rf"(?!@[\w-]{{1,63}}\.[^\W_])"
)
_TEXT = {"text", "text_special"}
_RUNS_ON = re.compile(f"[{TOUCHING}]")
_NO_BEGINNING = re.compile(f"[{MARKS}{JOINERS}]")
_SHORTEST, _LONGEST = 2, 30  # letters of a handle
_OTHER = "\0"  # stands for anything that is not text


def mentioned(body: str) -> set[str]:
    """Return what follows each @ in a text, folded: the handles that it may be naming."""
    return set(map(folded, MENTION.findall(body))) if "@" in body else set()


def folded(name: str) -> str:
    """Return a handle as names in texts are compared: without case, its marks not apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def beginnings(name: str) -> list[str]:
    """Return what a name begins with, if its words may run on; the longest first, itself not.

    In @さくらさん it may be the handle さくら with a particle behind it.
    """
    if not _RUNS_ON.search(name):
        return []
    ends = range(min(len(name) - 1, _LONGEST), _SHORTEST - 1, -1)
    return [name[:end] for end in ends if not _NO_BEGINNING.match(name, end)]


def renamed(body: str, name: str, new: str, others: Set[str] = frozenset()) -> str:
    """Return a text with `new` in place of @name (folded), however that is written.

    What runs on behind the name stays, unless it belongs to one of the `others` (folded).
    """
    name = folded(name)

    def replaced(found: re.Match[str]) -> str:
        for typed in (found[1], *beginnings(found[1])):
            if folded(typed) == name:
                return new + found[1][len(typed) :]
            if folded(typed) in others:  # somebody else's
                break
        return found[0]

    return MENTION.sub(replaced, body)


def link_mentions(state: StateCore) -> None:
    """Link the names that are called, where `env["mentions"]` asks for it.

    The folded names go into the set `env["called"]`. Any name is linked, even one that nobody has:
    a link that only members had would tell everybody who is one. Runs before escaped signs become
    text.
    """
    if "@" not in state.src:
        return
    blocks = list(_unquoted(state.tokens))
    quiet = _in_comments("\n".join(map(_text_of, blocks)))
    at = 0
    for block in blocks:
        children: list[Token] = []
        for is_plain, run in groupby(_with_depth(block.children or []), key=_is_plain):
            tokens = [token for token, _ in run]
            children += _split(tokens, at, quiet, state.env) if is_plain else tokens
            at += sum(len(_shown(token)) for token in tokens)
        block.children = children
        at += len("\n")


def _unquoted(tokens: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "inline" and not depth and not token.meta.get(INDENTED):
            yield token


def _with_depth(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Yield tokens with how many links they are in."""
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type in {"link_open", "link_close"} else 0
        yield token, depth


def _is_plain(token: tuple[Token, int]) -> bool:
    return token[0].type in _TEXT and token[1] == 0 and not token[0].meta.get(TITLE)


def _text_of(block: Token) -> str:
    return "".join(map(_shown, block.children or []))


def _shown(token: Token) -> str:
    return token.content if token.type in _TEXT else _OTHER


def _in_comments(text: str) -> set[int]:
    """Return where an @ is inside <!-- and -->, which are only words here."""
    quiet: set[int] = set()
    start = text.find("<!--")
    while start >= 0 and (end := text.find("-->", start)) >= 0:
        quiet.update(at for at in range(start, end) if text[at] == "@")
        start = text.find("<!--", end)
    return quiet


def _split(
    tokens: Sequence[Token], at: int, quiet: Set[int], env: MutableMapping[str, Any]
) -> Iterator[Token]:
    """Yield a run of text with links around the names that are called.

    The run begins at `at`; names in `quiet` places are not called.
    """
    text = "".join(token.content for token in tokens)
    starts = accumulate((len(token.content) for token in tokens), initial=0)
    escaped = {start for start, token in zip(starts, tokens, strict=False) if token.info}
    end = 0
    for match in MENTION.finditer(text):
        if match.start() in escaped or at + match.start() in quiet:
            continue
        name = folded(match[1])
        env["called"].add(name)
        if env["mentions"]:
            yield Token("text", "", 0, content=text[end : match.start()])
            href = f"/members/@{quote(unicodedata.normalize('NFC', match[1]))}"
            yield Token("link_open", "a", 1, attrs={"href": href})
            yield Token("text", "", 0, content=match[0])
            yield Token("link_close", "a", -1)
            end = match.end()
    yield Token("text", "", 0, content=text[end:])
