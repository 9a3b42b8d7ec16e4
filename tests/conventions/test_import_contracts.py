"""Every module of threads has its place: its areas keep their doors, so no container says so."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_module_of_threads_is_in_a_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [threads] = [one for one in contracts["contracts"] if one["name"].startswith("Threads:")]
    listed = {name for layer in threads["layers"] for name in layer.split(" : ")}
    there = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "forum" / "threads").rglob("*.py")
        if path.name != "__init__.py"
    }
    assert listed == there
