"""Every regular expression of the forum takes time by the length of a text, not by its square."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import forum
from tests.support.text.backtracking import patterns_in, problems

ROOT = Path(forum.__file__).parent
WHOLE = {"match", "fullmatch"}
SEARCHES = {"search", "sub", "subn", "findall", "finditer", "split"}
# Patterns that read nothing that people send.
OWN_FILES = {
    "forum.core.web.templating.template_helpers",
    "forum.demo.text",
    "forum.migrations.env",
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Yield each module's name and syntax tree."""
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        yield ".".join(parts).removesuffix(".__init__"), ast.parse(path.read_text())


def uses() -> dict[str, set[str]]:
    """Return how each name is used as a pattern anywhere in the forum."""
    found: dict[str, set[str]] = {}
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in WHOLE | SEARCHES:
                owner = node.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                found.setdefault(name, set()).add(node.attr)
    return found


def compiled() -> Iterator[tuple[str, str, int, set[str]]]:
    """Yield place, pattern, flags and uses of what modules compile for themselves."""
    used = uses()
    for found in pkgutil.walk_packages([str(ROOT)], "forum."):
        if ".migrations" in found.name or found.name.endswith(("__main__", "gunicorn_conf")):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            for one in patterns_in(value):
                yield f"{found.name}.{name}", one.pattern, one.flags, used.get(name, SEARCHES)


def written() -> Iterator[tuple[str, str, int, set[str]]]:
    """Yield place, pattern, flags and use of what is written where it is used: re.sub("…")."""
    for name, tree in sources():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            how, owner = node.func.attr, node.func.value
            if isinstance(owner, ast.Name) and owner.id == "re" and how in WHOLE | SEARCHES:
                names = vars(importlib.import_module(name))
                pattern = eval(compile(ast.Expression(node.args[0]), name, "eval"), names)  # noqa: S307
                yield f"{name}:{node.lineno}", pattern, 0, {how}


def test_no_pattern_goes_back_over_what_it_has_read() -> None:
    found = {
        place: (pattern, wrong)
        for place, pattern, flags, how in [*compiled(), *written()]
        if place.rsplit(".", 1)[0] not in OWN_FILES and place.split(":")[0] not in OWN_FILES
        if (
            wrong := problems(
                pattern, flags, searched=bool(how & SEARCHES), to_the_end="fullmatch" in how
            )
        )
    }
    assert found == {}


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",
        r"(?:\w*\W?)*x",
        r"(?:a|ab?)*c",
        r"\s*,?\s*;",
        r"x\S*y",
        r"\s+$",
        r".*a.*b",
        r"^(?:\W*\w+)*x",
        r"(?:.*/x/)?(\d+)(?:[?].*)?$",
        r"([^\w]*)(.*?)([^\w]*)$",
        r"(\w|\d+)*!",
    ],
)
def test_slow_patterns_are_found(pattern: str) -> None:
    assert problems(pattern, searched=True, to_the_end=False)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\w+",
        r"<[^<>]*>",
        r":[\w+-]+:",
        r"@\w{1,28}(?!\w)",
        r"[a-z]+(?:-[a-z]+)*",
        r"\n{3,}",
        r"(?:[^,]*,)*",
        r"^\s*x",
        r"(?<!\w)\w+x",
        r"a|b+|cd*",
    ],
)
def test_linear_patterns_are_left_alone(pattern: str) -> None:
    assert problems(pattern, searched=True, to_the_end=False) == []
