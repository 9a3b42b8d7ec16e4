"""What Markdown's lines become here: people write as in a letter, and no word may get lost.

Left out are underlined headings and link definitions, which swallow ordinary lines. The rules
below hold back what is left where CommonMark would drop words.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.rules_block import StateBlock, blockquote, heading, list_block, paragraph
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from forum.core.text.alphabets.invisible import is_blank
from forum.core.text.literal_signs import read_fence

# Quotations and lists inside one another; the parser itself drops what is deeper than 20.
LEVELS_MAX = 16
INDENTED = "indented"
_INTERRUPTED = ["paragraph", "blockquote"]
# "more than 100 mg" and faces such as >:( and >.< where a line begins.
_NO_QUOTATION = re.compile(r">(?:(?![0-9]{1,9}[.)]\s)[0-9]|[,:;=^]|\.(?!\.)|[^\s>]{0,3}<)")
_NO_LIST = re.compile(r"[0-9]{1,9}\)|0[0-9]{1,8}\.|\+")


def use_blocks(parser: MarkdownIt) -> None:
    """Have a parser read lines by the rules of this module."""
    parser.disable(["lheading", "reference", "html_block"])
    parser.block.ruler.at("code", _indented)
    parser.block.ruler.at("fence", read_fence, {"alt": [*_INTERRUPTED, "list"]})
    parser.block.ruler.at("blockquote", _not_too_deep(_quotation), {"alt": [*_INTERRUPTED, "list"]})
    parser.block.ruler.at("list", _not_too_deep(_list), {"alt": _INTERRUPTED})
    parser.block.ruler.at("heading", _heading, {"alt": _INTERRUPTED})
    parser.block.ruler.before("paragraph", "quotation_end", _end_quotation, {"alt": ["blockquote"]})
    parser.core.ruler.after("block", "fence_info", _keep_fence_info)
    parser.core.ruler.after("block", "numbers", _keep_numbers)
    parser.core.ruler.push("signs", _show_signs)


def _not_too_deep(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """Return a rule that leaves its signs to be read as words where it would nest too deeply."""

    def limited(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < LEVELS_MAX and rule(state, start, end, silent)

    return limited


def _indented(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines that begin with four spaces as a paragraph; it is marked as indented."""
    if not state.is_code_block(start):
        return False
    paragraph(state, start, end, silent)
    state.tokens[-2].meta[INDENTED] = all(map(state.is_code_block, range(start, state.line)))
    return True


def _end_quotation(_state: StateBlock, _start: int, _end: int, silent: bool) -> bool:
    """End a quotation with its last > line: what follows is the writer's own again.

    Asked silently, as it is of the lines after a quotation only; such a line is no block itself.
    """
    return silent


def _quotation(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line that begins with > as a quotation, unless the sign alone means something."""
    alone = start + 1 >= end or not _line(state, start + 1).startswith(">")
    if alone and _NO_QUOTATION.match(_line(state, start)):
        return False
    return blockquote(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines that begin with -, * or a number and a full stop as a list.

    With another sign they are ordinary lines, and it stays: 1) and 01. and +, which is no -.
    """
    line = _line(state, start)
    if _NO_LIST.match(line) or (line.startswith("-") and start in _pros_and_cons(state)):
        # Such a line ends the item of a list that it does not belong to.
        return silent and state.sCount[start] < state.blkIndent
    return list_block(state, start, end, silent)


def _pros_and_cons(state: StateBlock) -> set[int]:
    """Return the lines around which others begin with a plus, without an empty line between."""
    if "pros and cons" not in state.env:
        lines: set[int] = set()
        numbered = enumerate(state.src.split("\n"))
        for is_empty, run in groupby(numbered, key=lambda line: not line[1].strip("> \t")):
            block = [] if is_empty else list(run)
            if any(line.lstrip("> \t").startswith("+ ") for _, line in block):
                lines.update(number for number, _ in block)
        state.env["pros and cons"] = lines
    found: set[int] = state.env["pros and cons"]
    return found


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line of number signs alone as words."""
    words = _line(state, start).strip("# \t")
    return bool(words) and heading(state, start, end, silent)


def _line(state: StateBlock, number: int) -> str:
    """Return a line without the signs and blanks before its words."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _keep_fence_info(state: StateCore) -> None:
    """Show what is written behind a fence, which Markdown takes for the name of a language."""
    for token in state.tokens:
        if token.type == "fence" and (info := token.info.strip()):
            token.content, token.info = f"{info}\n{token.content}", ""


def _keep_numbers(state: StateCore) -> None:
    """Number lists as they were typed, as where somebody counts down."""
    lists: list[list[Token]] = []
    for token in state.tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            lists.append([])
        elif token.type == "list_item_open":
            lists[-1].append(token)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            _number(lists.pop())


def _number(items: Sequence[Token]) -> None:
    numbers = [int(item.info) for item in items if item.info]
    if set(numbers) != {1}:  # 1 for all is Markdown for counting up
        for item, number, before in zip(items[1:], numbers[1:], numbers, strict=False):
            if number != before + 1:
                item.attrSet("value", number)


def _show_signs(state: StateCore) -> None:
    """Show what was typed where a list, quotation or fence of signs alone would show nothing."""
    lines = state.src.split("\n")
    tokens: list[Token] = []
    block: list[Token] = []
    for token in state.tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            tokens += block if _shows_something(block) else _as_typed(block, lines)
            block = []
    state.tokens = tokens


def _shows_something(block: Sequence[Token]) -> bool:
    if block[0].type == "hr":
        return True
    return not all(is_blank(token.content) for token in block)


def _as_typed(block: Sequence[Token], lines: Sequence[str]) -> list[Token]:
    first, end = block[0].map or (0, 0)
    typed = [Token("text", "", 0, content=line.strip()) for line in lines[first:end]]
    parts = [part for text in typed for part in (Token("softbreak", "br", 0), text)]
    return [
        Token("paragraph_open", "p", 1),
        Token("inline", "", 0, content="\n".join(lines[first:end]), children=parts[1:]),
        Token("paragraph_close", "p", -1),
    ]
