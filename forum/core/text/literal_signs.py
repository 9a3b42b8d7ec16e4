"""Signs that are meant as they are typed, though Markdown would read them: faces, hidden letters.

`f*ck`, `2*3*4` and `__init__` are words; `*_*` is a face, and a line of tildes is a line.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import fence
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token

from forum.core.text.alphabets import letters

_FENCE = "~~~"
_MARKS = {"em_open", "em_close", "strong_open", "strong_close"}
_TEXT = {"text", "text_special"}
_EYES = {"><", "<>", "()", "[]", ")/"}
_SIGNS = {"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "Zs"}


def read_emphasis(state: StateInline, silent: bool) -> bool:
    """Read a star or underscore as emphasis, unless it is inside a word.

    Stars inside a word may end emphasis but not begin it, except in scripts without spaces.
    """
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    before, after = state.src[state.pos - 1 : state.pos], state.src[end : end + 1]
    is_one = end - state.pos == 1
    if (
        (before.isdigit() and after.isdigit())
        or (marker == "_" and not is_one)
        or (is_one and _is_nose(before, after))
    ):
        state.pending += state.src[state.pos : end]
        state.pos = end
        return True
    delimiters = len(state.delimiters)
    found = emphasis.tokenize(state, silent)
    if before.isalnum() and not letters.touches_other_words(before):
        for delimiter in state.delimiters[delimiters:]:
            delimiter.open = False
    return found


def _is_nose(before: str, after: str) -> bool:
    """Whether one star or underscore is between two eyes, as in -_-, >_<, ^*^ and (*)."""
    is_alike = before == after and not (before.isalnum() or before.isspace())
    return bool(before) and (is_alike or before + after in _EYES)


def show_faces(state: StateCore) -> None:
    """Show the signs of emphasis that has nothing but signs in it, as in *_* and ^*^."""
    if "*" in state.src or "_" in state.src:
        for block in state.tokens:
            if block.children:
                _show_signs_between_marks(block.children)


def _show_signs_between_marks(tokens: Sequence[Token]) -> None:
    open_marks: list[tuple[Token, int]] = []
    words = list(_words_before(tokens))
    for at, token in enumerate(tokens):
        if token.type in _MARKS and token.nesting > 0:
            open_marks.append((token, words[at]))
        elif token.type in _MARKS and open_marks:
            opening, before = open_marks.pop()
            if words[at] == before:
                for mark in (opening, token):
                    mark.type, mark.tag, mark.nesting, mark.content = "text", "", 0, mark.markup


def _words_before(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield for each token how many before it are more than signs."""
    count = 0
    for token in tokens:
        yield count
        is_text = token.type in _MARKS | _TEXT
        count += not is_text or not all(unicodedata.category(c) in _SIGNS for c in token.content)


def read_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a fence, unless it is a line of tildes that people draw between paragraphs.

    That is one that no other ends and that is under words, above an empty line, or is longer than
    any fence has to be.
    """
    line = _line(state, start)
    if line.startswith(_FENCE) and not _is_closed(state, start, end, line):
        is_drawn = silent or line.count("~") > len(_FENCE) or not _line(state, start + 1, end)
        if is_drawn:
            return False
    return fence(state, start, end, silent)


def _is_closed(state: StateBlock, start: int, end: int, line: str) -> bool:
    tildes = len(line) - len(line.lstrip("~"))
    # What was looked for in vain need not be looked for again from further down.
    never = state.env.setdefault("unclosed", {})
    if tildes >= never.get(end, tildes + 1):
        return False
    for number in range(start + 1, end):
        below = _line(state, number).rstrip()
        if len(below) >= tildes and not below.strip("~"):
            return True
    never[end] = tildes
    return False


def _line(state: StateBlock, number: int, end: int | None = None) -> str:
    """Return a line without the signs and blanks before its words; nothing from `end` on."""
    if end is not None and number >= end:
        return ""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
