"""What `make coverage` asks of each file; what it asks of the whole is in pyproject.toml."""

import json
import sys
from pathlib import Path

LEAST_PERCENT = 85


def poor(report: Path) -> list[str]:
    """Return the files of which the tests take too few branches, by coverage's JSON report."""
    files = json.loads(report.read_text())["files"]
    shares = {name: file["summary"]["percent_covered"] for name, file in files.items()}
    return [f"{name}: {share:.1f} %" for name, share in shares.items() if share < LEAST_PERCENT]


if __name__ == "__main__":
    if found := poor(Path(sys.argv[1])):
        sys.exit("\n".join([f"Each file needs {LEAST_PERCENT} %:", *found]))
