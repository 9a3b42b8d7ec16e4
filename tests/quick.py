"""What spares many tests the same work again; nothing that a test looks at is any different.

A forum of its own for each test compiled the same templates, addresses and SQL 1,900 times.
"""

import os
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule

from forum.core import engines

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of this user's own in it
MEMORY_LEAST_BYTES = 2_000_000_000


class _Compiled(BytecodeCache):
    """Templates that this process has compiled; Jinja compares their sources."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def keep_folders_in_memory() -> None:
    """Let pytest make its folders where fsync need not wait for a disk, if there is room."""
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    if there and shutil.disk_usage(MEMORY).free > MEMORY_LEAST_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def compile_once() -> None:
    """Compile each template, each address and each statement once in a process."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}
    _build_addresses_once()
    opened = lru_cache(engines.make_engine)

    def again(database_url: str) -> Engine:
        # A copy with the same pool and compiled statements, but with listeners of its own.
        return opened(database_url).execution_options()

    engines.make_engine = again


def _build_addresses_once() -> None:
    compiled = Rule._compile_builder
    kept: dict[Any, Any] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        # What it returns depends on these alone, and takes the rule as its argument.
        parts = (tuple(rule._trace), repr(rule.defaults), append_unknown)
        if parts not in kept:
            kept[parts] = compiled(rule, append_unknown)
        return kept[parts]

    Rule._compile_builder = builder  # type: ignore[assignment,method-assign]
