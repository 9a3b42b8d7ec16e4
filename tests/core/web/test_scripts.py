"""Every script is one that a browser can read: a fault in one stops all that import it."""

import subprocess
from pathlib import Path

import playwright

from forum.core.web.templating import assets

NODE = Path(playwright.__file__).parent / "driver" / "node"
READ = """
const { SourceTextModule } = require("node:vm");
const { readFileSync } = require("node:fs");
for (const file of process.argv.slice(1)) {
  try { new SourceTextModule(readFileSync(file, "utf8")); }
  catch (problem) { console.log(`${file}: ${problem.message}`); }
}
"""


def unreadable(*scripts: Path) -> str:
    """Return what is wrong with these modules, a line each."""
    options = ["--experimental-vm-modules", "--no-warnings", "-e", READ]
    command = [str(NODE), *options, *map(str, scripts)]
    return str(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_every_script_can_be_read() -> None:
    scripts = sorted((assets.folder("static") / "js").rglob("*.js"))
    assert len(scripts) > 50
    assert unreadable(*scripts) == ""


def test_what_cannot_be_read_is_found(tmp_path: Path) -> None:
    script = tmp_path / "wrong.js"
    script.write_text("export function f() { f(); else f(); }")
    assert "Unexpected token 'else'" in unreadable(script)
