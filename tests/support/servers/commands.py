"""The `forum` command, run in the test's own process; what it does is the same, and starts fast."""

from pathlib import Path

from click.testing import CliRunner, Result

from forum.cli import main as cli
from forum.core import db


def run_command(instance: Path, *words: str) -> Result:
    """Run the command line on a forum's folder, to its end."""
    try:
        return CliRunner().invoke(cli.forum, words, env={"FORUM_INSTANCE": str(instance)})
    finally:
        db.release_session()
