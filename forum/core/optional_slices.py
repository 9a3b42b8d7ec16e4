"""Parts of the house that the rest runs without."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any


def optional(name: str) -> Any:
    """Return the module `name` of this forum, or None where its slice has been taken out."""
    slice_name = ".".join(name.split(".")[:2])
    return import_module(name) if find_spec(slice_name) else None
