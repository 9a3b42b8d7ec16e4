"""The forum without its studies, and the operator's command for them."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.databases.real_databases import lay_out
from tests.support.research.partial_installs import WITHOUT_STUDIES
from tests.support.servers.commands import run_command


def test_the_forum_runs_with_both_slices_taken_out(tmp_path: Path) -> None:
    environment = {**os.environ, "FORUM_INSTANCE": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_STUDIES],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def test_the_operator_plans_opens_and_closes_a_study(tmp_path: Path) -> None:
    lay_out(tmp_path)
    document = tmp_path / "consent.md"
    document.write_text("I agree.")
    assert run_command(tmp_path, "group", "create", "night", "Night owls").exit_code == 0
    create = (
        "study",
        "create",
        "sleep",
        "Sleep",
        "--about",
        "Company",
        "--run-by",
        "Us",
        "--ethics",
        "Board 7",
        "--contact",
        "Desk",
        "--document",
        str(document),
        "--group",
    )
    unknown = run_command(tmp_path, *create, "nowhere")
    assert (unknown.exit_code, "no group nowhere" in unknown.stderr) == (1, True)
    assert run_command(tmp_path, *create, "night").exit_code == 0
    assert run_command(tmp_path, "study", "open", "sleep").exit_code == 0
    assert run_command(tmp_path, "study", "open", "sleep").exit_code == 1
    assert run_command(tmp_path, "study", "list").stdout == "sleep\topen\t0\tSleep\n"
    assert run_command(tmp_path, "study", "close", "sleep").exit_code == 0
    assert run_command(tmp_path, "study", "close", "other").exit_code == 1
