"""The libraries that figures and releases need, and no page does: the extra `research`."""

from importlib.util import find_spec

from forum.core.errors import Conflict
from forum.core.translation import lazy

EXTRA = ("duckdb", "matplotlib", "numpy", "opendp", "polars", "pyarrow", "pyreadstat")
MISSING = lazy(
    "Figures and releases of studies need libraries that are not installed here. The person who "
    "runs the forum can add them with: pip install '.[research]'"
)


def are_installed() -> bool:
    """Whether all of them are installed."""
    return all(find_spec(name) for name in EXTRA)


def require() -> None:
    """Raise Conflict, with what to do about it, unless all of them are installed."""
    if not are_installed():
        raise Conflict(MISSING)
