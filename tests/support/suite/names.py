"""Every name that the project gives: of files, classes, functions, tables, columns and events."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
JAVASCRIPT = re.compile(
    r"\b(?:function|class)\s+([A-Za-z_$][\w$]*)|^(?:export\s+)?(?:const|let)\s+([A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
NOT_OURS = {"vendor", "versions", "__pycache__", "screenshots"}
WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def words(name: str) -> list[str]:
    """Return the words of a name, in whichever way they are put together."""
    return [word.lower() for word in WORD.findall(name)]


def names(root: Path = ROOT) -> Iterator[str]:
    """Yield all names in code, tests, templates, scripts and style sheets, some more than once."""
    for folder in ("forum", "tests", "templates", "static"):
        for path in (root / folder).rglob("*"):
            if not path.is_file() or NOT_OURS & set(path.parts):
                continue
            yield path.stem
            if path.suffix == ".py":
                yield from in_python(path.read_text())
            elif path.suffix == ".js":
                yield from (one or other for one, other in JAVASCRIPT.findall(path.read_text()))


def in_python(source: str) -> Iterator[str]:
    """Yield the names of classes, functions, fields, columns and tables."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name, body=body):
                yield name
                yield from _fields(body)


def _fields(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(
                targets=[ast.Name(id="__tablename__")], value=ast.Constant(value=str(table))
            ):
                yield table
