"""The modules of `forum/` that tests are asked to go through."""

from importlib.util import find_spec
from pathlib import Path

from tests.support.suite.branches.sitecustomize import NOT_MEASURED


def modules() -> dict[str, Path]:
    """Return all of them by their names."""
    spec = find_spec("forum")
    assert spec
    assert spec.origin
    top = Path(spec.origin).parent.parent
    named = {
        ".".join(path.relative_to(top).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((top / "forum").rglob("*.py"))
    }
    return {name: path for name, path in named.items() if not name.startswith(NOT_MEASURED)}
