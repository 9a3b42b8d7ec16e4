"""What `make test` says of branches is what ran: in any process, even one that is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.suite.branches import report, sitecustomize

MODULE = '''
"""Choices."""
from __future__ import annotations

def choose(number: int) -> str:
    """Return a word."""
    if number > 2:
        return "many"
    for _each in range(number):
        try:
            return str(1 / (number - 1))
        except ZeroDivisionError:
            continue
    match number:
        case 0:
            return "none"
        case _:
            return "few"

def never() -> None:
    while True:
        break

def a_shape() -> str: ...
'''
PROGRAM = "import os, forum.choices as c; [c.choose(n) for n in {numbers}]; os.kill(os.getpid(), 9)"


NEVER = ["20 is never gone through", "19 is never called"]


def told(path: Path) -> tuple[int, list[str]]:
    """Return how many branches there are, and the line and kind of those that were not taken."""
    number, missing = report.not_taken("forum.choices", path)
    return number, [one.removeprefix(f"{path}:") for one in missing]


def python(folder: Path, *arguments: str) -> int:
    """Run Python in this folder, whose forum it finds first, and return how it ended."""
    branches = Path(sitecustomize.__file__).parent
    paths = os.pathsep.join([str(branches), str(Path(__file__).parents[2])])
    environ = {**os.environ, "BRANCHES": str(folder / "kept"), "PYTHONPATH": paths}
    ended = subprocess.run([sys.executable, *arguments], cwd=folder, env=environ, check=False)
    return ended.returncode


def run(folder: Path, numbers: list[int]) -> None:
    assert python(folder, "-c", PROGRAM.format(numbers=numbers)) == -signal.SIGKILL


def test_each_branch_that_nothing_took_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitecustomize, "FOLDER", str(tmp_path / "kept"))
    sitecustomize.hits_of_this_run.cache_clear()
    path = tmp_path / "forum/choices.py"
    path.parent.mkdir()
    (path.parent / "__init__.py").touch()
    path.write_text(MODULE.lstrip())
    assert python(tmp_path, "-m", "tests.support.suite.branches.compilation") == 0
    run(tmp_path, [2, 0])
    assert told(path) == (
        10,
        ["6 never holds", "11 never happens", "16 is never the case", *NEVER],
    )
    run(tmp_path, [3, 1])
    assert told(path) == (10, NEVER)
    sitecustomize.hits_of_this_run.cache_clear()


def test_no_process_has_a_file_open_for_each_module(tmp_path: Path) -> None:
    (tmp_path / "forum").mkdir()
    for name in ("__init__", *(f"one_{number}" for number in range(50))):
        (tmp_path / f"forum/{name}.py").write_text(MODULE.lstrip())
    assert python(tmp_path, "-m", "tests.support.suite.branches.compilation") == 0
    imported = "; ".join(f"import forum.one_{number}" for number in range(50))
    counted = f"{imported}; import os, sys; sys.exit(len(os.listdir('/proc/self/fd')))"
    assert python(tmp_path, "-c", counted) < 10
