"""Fixtures shared by all tests. `app` runs a test once on SQLite and once on PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.login import passwords
from forum.accounts.recovery import recovery_codes
from forum.app import create_app
from forum.core import db
from forum.settings.environment import Settings, from_environment
from tests.support.databases.real_databases import Databases, databases
from tests.support.suite import speed
from tests.support.worlds.copied_worlds import SECRET_KEY

pytest_plugins = (
    "tests.support.servers.real_servers",
    "tests.support.browsers.chromium",
    "tests.support.databases.database_cases",
)

# How long an example takes says something of the machine, and nothing of the forum.
hypothesis.settings.register_profile(
    "forum", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("forum")
speed.collect_garbage_rarely()
speed.keep_folders_in_memory()
speed.compile_once()


def pytest_collection_finish() -> None:
    """When all is loaded and before the first test."""
    speed.freeze_garbage_collector()


@pytest.fixture(scope="session", autouse=True)
def shared_databases(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Say where the processes of this run keep databases that they copy."""
    folder = tmp_path_factory.getbasetemp()
    Databases.shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def real_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases of this test process."""
    with databases(tmp_path_factory.mktemp("databases")) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, real_databases: Databases) -> str:
    """Return the address of a fresh database of each kind."""
    if request.param == "sqlite":
        return real_databases.sqlite()
    return real_databases.postgresql()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Return settings for a forum of this test alone; rate limits are off."""
    plain = from_environment(
        {
            "FORUM_INSTANCE": str(tmp_path),
            "FORUM_RATE_LIMITS": "off",
            "FORUM_SECRET_KEY": SECRET_KEY,
        }
    )
    return replace(plain, database_url=database_url)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Return the forum on a fresh database.

    No context is pushed: requests would share it, and with it who is logged in.
    """
    yield create_app(settings)
    db.release_session()
    db.engine().dispose()


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords cheaply; what is about their cost asks for `real_hashes`."""
    quick = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(recovery_codes, "MEMORY_KIB", 8)


@pytest.fixture
def real_hashes(quick_hashes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost what they cost in the server."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a visitor's browser."""
    return app.test_client()
