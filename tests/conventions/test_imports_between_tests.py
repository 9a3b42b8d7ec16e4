"""No test takes anything from another: what tests share is in `tests/support/`."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("*.py"))


def taken_from_tests(path: Path) -> Iterator[str]:
    """Yield what a module imports of tests and of what fixtures are declared in."""
    for node in ast.walk(ast.parse(path.read_text())):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names = node.names if isinstance(node, ast.Import | ast.ImportFrom) else []
        for name in [".".join([*modules, alias.name]) for alias in names]:
            if any(part == "conftest" or part.startswith("test_") for part in name.split(".")):
                yield name


def test_no_module_of_tests_imports_from_a_test() -> None:
    assert len(FILES) > 300
    found = {str(path.relative_to(TESTS)): list(taken_from_tests(path)) for path in FILES}
    assert not {path: names for path, names in found.items() if names}


def test_an_import_from_a_test_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "from tests.accounts.test_login import FORM\n"
        "from tests.accounts import test_login\n"
        "import tests.conftest\n"
        "from tests.support import factories\n"
    )
    assert list(taken_from_tests(module)) == [
        "tests.accounts.test_login.FORM",
        "tests.accounts.test_login",
        "tests.conftest",
    ]
