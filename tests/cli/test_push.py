"""`forum push`: what has become of notifications by web push."""

from pathlib import Path

import pytest

from tests.support.databases.real_databases import lay_out
from tests.support.servers.commands import run_command


def counts_of(words: str) -> dict[str, int]:
    """Return the numbers of a status by what they count."""
    lines = [line.split(maxsplit=1) for line in words.splitlines()]
    return {label: int(number) for number, label in lines}


def test_each_number_has_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    monkeypatch.setenv("FORUM_ORIGINS", "https://forum.example.org")
    told = run_command(tmp_path, "push", "status")
    assert told.exit_code == 0, told.output
    counts = counts_of(told.output)
    assert {"waiting to be sent", "devices that take messages"} <= set(counts)
    assert set(counts.values()) == {0}


@pytest.mark.parametrize(
    "environ",
    [{}, {"FORUM_ORIGINS": "https://forum.example.org", "FORUM_PUSH_SERVICES": "off"}],
)
def test_where_nothing_is_sent_it_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    lay_out(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    told = run_command(tmp_path, "push", "status")
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[-1].startswith("Nothing is sent: set FORUM_ORIGINS")
