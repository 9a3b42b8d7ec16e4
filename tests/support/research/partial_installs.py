"""The forum without its studies, and without the libraries of the extra `research`."""

import os
import subprocess
import sys

from forum.research import optional_dependencies

WITHOUT_STUDIES = """
import sys
from importlib.machinery import PathFinder

class Gone(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        gone = name in {"forum.activity", "forum.research"}
        return None if gone else super().find_spec(name, path, target)

sys.meta_path[:] = [Gone if finder is PathFinder else finder for finder in sys.meta_path]
from forum.app import create_app
from forum.cli.main import ELSEWHERE
from forum.settings.environment import from_environment

app = create_app(from_environment())
routes = {rule.rule for rule in app.url_map.iter_rules()}
assert "/groups/<slug>" in routes and "/studies/<slug>" not in routes
assert not {"activity", "export", "study"} & set(ELSEWHERE)
assert app.test_client().get("/healthz").status_code == 200
assert not [name for name in sys.modules if name.startswith(("forum.research", "forum.activity"))]
"""
WITHOUT_LIBRARIES = (
    "import sys; sys.modules.update(dict.fromkeys({names!r}));"
    " from forum.cli.main import main; main()"
)


def run_without_libraries(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the forum as if nobody had installed the libraries."""
    program = WITHOUT_LIBRARIES.format(names=optional_dependencies.EXTRA)
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
