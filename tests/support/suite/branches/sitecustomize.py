"""Note which branches of `forum/` run, in every process that finds this file on its PYTHONPATH.

Python runs a `sitecustomize` when it starts, so servers that tests start note theirs, too. With
the folder BRANCHES in the environment, each branch of a module of `forum` begins with a statement
that sets one byte of a file. All processes of a run share these files by memory: nothing is
gathered at the end, and what a killed process did is known. What is compiled in this way is kept
apart from Python's own.
"""

import ast
import json
import mmap
import os
import sys
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from typing import Any

FOLDER = os.environ.get("BRANCHES", "")
# Written once and for all; and what gunicorn and alembic run by its path, which no finder sees.
NOT_MEASURED = ("forum.migrations.versions", "forum.migrations.env", "forum.server.gunicorn_conf")


class Probes(ast.NodeTransformer):
    """Puts a probe at the beginning of each branch; `found` has the line and kind of each."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def probe(self, line: int, kind: str) -> ast.stmt:
        """Return a statement that notes that this place was reached."""
        self.found.append((line, kind))
        statement = ast.parse(f"__branches__[{len(self.found) - 1}] = 1").body[0]
        for node in ast.walk(statement):
            if "lineno" in node._attributes:
                vars(node).update(lineno=line, end_lineno=line, col_offset=0, end_col_offset=0)
        return statement

    def instrument(self, tree: ast.Module) -> ast.Module:
        """Return the module with probes, and what opens its file before the first."""
        self.visit(tree)
        if self.found:
            # The name under which it was found: one that is run with `-m` is called __main__.
            opening = (
                f"__branches__ = __import__('sitecustomize').hits(__spec__.name, {len(self.found)})"
            )
            at = next((n for n, node in enumerate(tree.body) if not _comes_first(node)), 0)
            tree.body.insert(at, ast.parse(opening).body[0])
        return ast.fix_missing_locations(tree)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function that is called, unless nothing is in it."""
        self.generic_visit(node)
        told = ast.get_docstring(node, clean=False) is not None
        if any(not _is_ellipsis(one) for one in node.body[told:]):
            node.body.insert(int(told), self.probe(node.lineno, "is never called"))
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        """A condition that holds, and one that does not."""
        if "TYPE_CHECKING" in ast.unparse(node.test):
            return node
        self.generic_visit(node)
        node.body.insert(0, self.probe(node.lineno, "never holds"))
        node.orelse.insert(0, self.probe(node.lineno, "always holds"))
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        """A loop that has something to do, and one that comes to its end."""
        return self._loop(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        """The same; one without a condition never comes to its end."""
        return self._loop(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """An error that happens."""
        self.generic_visit(node)
        node.body.insert(0, self.probe(node.lineno, "never happens"))
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        """Each case."""
        self.generic_visit(node)
        for case in node.cases:
            case.body.insert(0, self.probe(case.pattern.lineno, "is never the case"))
        return node

    def _loop(self, node: ast.For | ast.While) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, self.probe(node.lineno, "is never gone through"))
        if isinstance(node, ast.For) or not isinstance(node.test, ast.Constant):
            node.orelse.insert(0, self.probe(node.lineno, "never comes to its end"))
        return node


def _comes_first(node: ast.stmt) -> bool:
    """Whether Python wants this before all else: what a module is about, and its future."""
    is_words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_words or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _is_ellipsis(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and node.value.value is ...
    )


class Hits:
    """One byte for each branch of each module, shared with all processes of this run.

    All are in one file, so a server of which a test lets few files be open has one more open.
    """

    def __init__(self) -> None:
        places = Path(FOLDER, "places.json").read_text(encoding="utf-8")
        self._starts: dict[str, int] = json.loads(places)
        with Path(FOLDER, "hits").open("r+b") as file:
            self._bytes = memoryview(mmap.mmap(file.fileno(), 0))

    def of(self, name: str, number: int) -> memoryview:
        """Return the bytes of one module."""
        start = self._starts[name]
        return self._bytes[start : start + number]


def hits(name: str, number: int) -> memoryview:
    """Return one byte for each branch of a module."""
    return hits_of_this_run().of(name, number)


@cache
def hits_of_this_run() -> Hits:
    """Return those of all modules."""
    return Hits()


class Loader(SourceFileLoader):
    """Loads a module with probes, and keeps it compiled in a place of its own."""

    def source_to_code(self, data: Any, path: Any) -> Any:  # type: ignore[override]
        """Compile the module with probes."""
        tree = Probes().instrument(ast.parse(data, path))
        return compile(tree, path, "exec", dont_inherit=True)

    def get_data(self, path: str) -> bytes:
        """Read a source, or what was compiled of it."""
        return super().get_data(_kept(path))

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Keep what was compiled."""
        super().set_data(_kept(path), data, _mode=_mode)


def _kept(path: str) -> str:
    return f"{FOLDER}/compiled{path}" if path.endswith(".pyc") else path


class Finder(MetaPathFinder):
    """Finds modules of the forum as others would, and has them loaded with probes."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return how a module is loaded; None for what is not the forum's."""
        if name.partition(".")[0] != "forum" or name.startswith(NOT_MEASURED):
            return None
        others = (one for one in sys.meta_path if one is not self)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next(filter(None, found), None)
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = Loader(name, str(spec.origin))
        return spec


if FOLDER and __name__ == "sitecustomize":
    sys.meta_path.insert(0, Finder())
