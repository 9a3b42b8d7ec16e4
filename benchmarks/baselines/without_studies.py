"""The forum with its studies taken out, for gunicorn: what the cost of recording is measured by."""

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from typing import Any

GONE = {"forum.activity", "forum.research"}


class Apart(PathFinder):
    """Finds everything but the two slices."""

    @classmethod
    def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> Any:
        """Return what Python's own finder returns, unless it is gone."""
        return None if fullname in GONE else super().find_spec(fullname, path, target)


sys.meta_path[:] = [Apart if finder is PathFinder else finder for finder in sys.meta_path]
app = import_module("forum.app").create_app()
