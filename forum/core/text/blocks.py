"""What Markdown's lines become here: people write as in a letter, and no word may get lost.

Left out are underlined headings and link definitions, which swallow ordinary lines. The rules
below hold back what is left where CommonMark would drop words.
"""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.rules_block import StateBlock, blockquote, heading, list_block, paragraph
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from forum.core.text.invisible import is_blank

# Quotations and lists inside one another; the parser itself drops what is deeper than 20.
LEVELS_MAX = 16
INDENTED = "indented"
_INTERRUPTED = ["paragraph", "blockquote"]


def use_blocks(parser: MarkdownIt) -> None:
    """Have a parser read lines by the rules of this module."""
    parser.disable(["lheading", "reference", "html_block"])
    parser.block.ruler.at("code", _indented)
    parser.block.ruler.at("blockquote", _not_too_deep(blockquote), {"alt": [*_INTERRUPTED, "list"]})
    parser.block.ruler.at("list", _not_too_deep(list_block), {"alt": _INTERRUPTED})
    parser.block.ruler.at("heading", _heading, {"alt": _INTERRUPTED})
    parser.block.ruler.before("paragraph", "quotation_end", _end_quotation, {"alt": ["blockquote"]})
    parser.core.ruler.after("block", "fence_info", _keep_fence_info)
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


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line of number signs alone as words."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return bool(line.strip("# \t")) and heading(state, start, end, silent)


def _keep_fence_info(state: StateCore) -> None:
    """Show what is written behind a fence, which Markdown takes for the name of a language."""
    for token in state.tokens:
        if token.type == "fence" and (info := token.info.strip()):
            token.content, token.info = f"{info}\n{token.content}", ""


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
