"""Say how many branches of `forum/` the tests took, and keep a list of those that they did not.

Ends with status 1 where fewer are taken than was promised.
"""

import ast
import sys
from pathlib import Path

from tests.support.suite.branches.modules import modules
from tests.support.suite.branches.sitecustomize import FOLDER, Probes, hits

TOGETHER, EACH_FILE = 95.0, 85.0


def not_taken(name: str, path: Path) -> tuple[int, list[str]]:
    """Return how many branches a module has, and those that nobody took."""
    probes = Probes()
    probes.instrument(ast.parse(path.read_text(encoding="utf-8")))
    taken = hits(name, len(probes.found))
    return len(probes.found), [
        f"{path}:{line} {kind}"
        for (line, kind), is_taken in zip(probes.found, taken, strict=True)
        if not is_taken
    ]


def main() -> str:
    """Print what the tests reached; return what is wrong with it."""
    number, missing, few = 0, list[str](), list[str]()
    for name, path in modules().items():
        here, wanting = not_taken(name, path)
        number += here
        missing += wanting
        if here and (share := 100 - 100 * len(wanting) / here) < EACH_FILE:
            few.append(f"{path}: {share:.0f} %")
    Path(FOLDER, "not-taken.txt").write_text("\n".join([*missing, ""]), encoding="utf-8")
    together = 100 - 100 * len(missing) / number
    print(f"The tests take {together:.1f} % of the {number} branches of forum/.")
    if few:
        return "\n".join([f"Each file needs {EACH_FILE:.0f} %:", *few])
    return "" if together >= TOGETHER else f"They need {TOGETHER:.0f} %."


if __name__ == "__main__":
    sys.exit(main() or 0)
