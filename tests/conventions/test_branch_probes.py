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


def run(folder: Path, numbers: list[int]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(numbers=numbers)],
        cwd=folder,
        env={
            **os.environ,
            "BRANCHES": str(folder / "kept"),
            "PYTHONPATH": str(Path(sitecustomize.__file__).parent),
        },
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL


def test_each_branch_that_nothing_took_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "FOLDER", str(tmp_path / "kept"))
    path = tmp_path / "forum/choices.py"
    path.parent.mkdir()
    (path.parent / "__init__.py").touch()
    path.write_text(MODULE.lstrip())
    run(tmp_path, [2, 0])
    assert told(path) == (
        10,
        ["6 never holds", "11 never happens", "16 is never the case", *NEVER],
    )
    run(tmp_path, [3, 1])
    assert told(path) == (10, NEVER)
