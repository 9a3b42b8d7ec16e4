"""What spares many tests the same work again; nothing that a test looks at is any different.

A forum of its own for each test compiled the same templates, addresses and SQL 1,900 times.
"""

import gc
import os
import shutil
from functools import cache
from pathlib import Path

from flask import Flask
from flask.templating import Environment
from sqlalchemy.engine import Engine

from forum.core.db import engines
from forum.core.text.alphabets import letters
from forum.core.web.templating import assets
from forum.safety import helplines
from forum.safety.guidelines import guideline_text
from tests.support.suite import shared_addresses

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of this user's own in it
MEMORY_LEAST_BYTES = 2_000_000_000
STATEMENTS = 20_000  # of one database; SQLAlchemy keeps 500, and the tests ask some thousands
GARBAGE = (100_000, 20, 50)  # Python's own 700 objects between collections suit small programs


def keep_folders_in_memory() -> None:
    """Let pytest make its folders where fsync need not wait for a disk, if there is room."""
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    if there and shutil.disk_usage(MEMORY).free > MEMORY_LEAST_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def collect_garbage_rarely() -> None:
    """Collect garbage less often than is usual, also while hundreds of modules are loaded."""
    gc.set_threshold(*GARBAGE)


def freeze_garbage_collector() -> None:
    """Leave out of all collections what every test needs, since it never becomes garbage."""
    gc.collect()
    gc.freeze()


def compile_once() -> None:
    """Do once in a process what would be the same for each forum that a test makes."""
    _load_templates_once()
    assets._digest = cache(assets._digest)
    helplines._read = cache(helplines._read)
    letters.sort_key = cache(letters.sort_key)
    _render_guidelines_once()
    shared_addresses.use()
    opened = cache(engines.make_engine)

    def again(database_url: str, connections: int = engines.CONNECTIONS) -> Engine:
        # A copy with the same pool and compiled statements, but with listeners of its own.
        kept = opened(database_url, connections)
        kept._compiled_cache.capacity = STATEMENTS  # type: ignore[union-attr]
        engine = kept.execution_options()
        if engine.dialect.name == "postgresql":
            # The database is emptied between tests, and its connections know the forum's
            # statements by then. A SQLite database is another file each time.
            engine.dispose = lambda close=True: None  # type: ignore[method-assign]
        return engine

    engines.make_engine = again


def _render_guidelines_once() -> None:
    load = guideline_text.load
    ours = cache(lambda: load(None))
    guideline_text.load = lambda own: load(own) if own else ours()


def _load_templates_once() -> None:
    made: list[Environment] = []
    make = Flask.create_jinja_environment

    def make_or_take(self: Flask) -> Environment:
        if not made:
            made.append(make(self))
        made[0].app = self
        made[0].globals |= {"url_for": self.url_for, "config": self.config}
        return made[0]

    Flask.create_jinja_environment = make_or_take  # type: ignore[method-assign]
