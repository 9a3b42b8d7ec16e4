"""The `forum` command, in the test's own process, where it starts fast, or in one of its own."""

import os
import subprocess
from pathlib import Path

from click.testing import CliRunner, Result

from forum.cli import main as cli
from forum.core import db
from tests.support.servers.real_servers import COMMAND


def run_command(instance: Path, *words: str, piped: bytes | None = None) -> Result:
    """Run the command line on a forum's folder, to its end, with this on its input."""
    environ = {"FORUM_INSTANCE": str(instance)}
    try:
        return CliRunner().invoke(cli.forum, words, input=piped, env=environ)
    finally:
        db.release_session()


def run_process(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder as a process of its own, to its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    return subprocess.run(
        [*COMMAND, *arguments],
        env={**kept, **environ},
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )


def refusal(folder: Path, *words: str) -> str:
    """Return what a command that is refused says, which is one line."""
    told = run_command(folder, *words)
    assert told.exit_code == 1, (told.output, told.exception)
    assert isinstance(told.exception, SystemExit), told.exception
    assert told.output.count("\n") == 1
    return told.output
