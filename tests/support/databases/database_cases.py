"""Which cases of a test run on PostgreSQL: one of each test, and all of them in `make soak`.

On SQLite every case runs. What differs between the databases is the SQL, which the cases of one
test mostly share. Tests of what SQL alone decides (who sees what) are marked `every_case`.
"""

from itertools import groupby
from zlib import crc32

import pytest

from tests.support.suite.thoroughness import EVERY_CASE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out most cases on PostgreSQL; which one stays is the same in each run."""
    if EVERY_CASE:
        return
    cases = sorted(filter(_may_be_left_out, items), key=_test_of)
    left_out = set[pytest.Item]()
    for _, group in groupby(cases, key=_test_of):
        left_out |= set(sorted(group, key=lambda item: crc32(item.name.encode()))[1:])
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _may_be_left_out(item: pytest.Item) -> bool:
    case = getattr(item, "callspec", None)
    on_postgresql = case is not None and case.params.get("database_url") == "postgresql"
    return on_postgresql and item.get_closest_marker("every_case") is None


def _test_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]
