"""`forum study waves` chooses questionnaires of a planned study by the same rules as the page."""

from pathlib import Path

import pytest

from tests.support.servers.commands import refusal, run_command


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    document = tmp_path / "consent.md"
    document.write_text("We ask you a few questions.")
    folder = tmp_path / "instance"
    assert run_command(folder, "group", "create", "evenings", "Evening group").exit_code == 0
    said = ("--about", "--run-by", "--ethics", "--contact")
    words = [word for option in said for word in (option, "As agreed")]
    planned = run_command(
        folder,
        *("study", "create", "sleep", "Sleep", "--group", "evenings"),
        *("--document", str(document), *words),
    )
    assert planned.exit_code == 0, planned.output
    return folder


def test_waves_are_planned_on_the_command_line(instance: Path) -> None:
    chosen = ("--instrument", "phq-9", "--at-baseline", "background")
    refused = refusal(instance, "study", "waves", "sleep", *chosen)
    assert "choose PHQ-8" in refused
    watched = run_command(
        instance,
        "study",
        "waves",
        "sleep",
        *chosen,
        "--danger-watch",
        "Dr Example",
        "--days",
        "0 365",
    )
    assert (watched.exit_code, watched.output) == (0, "sleep asks background, phq-9.\n")
    assert run_command(instance, "study", "open", "sleep").exit_code == 0
    assert "no longer be changed" in refusal(instance, "study", "waves", "sleep")
