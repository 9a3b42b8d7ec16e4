"""Compile all modules with probes, on all cores, before some processes need them at once.

Also lays out the file in which they note what is reached; no branch is there without a byte of
source, so a module has as many bytes as its source.
"""

import json
from itertools import accumulate
from multiprocessing import Pool
from pathlib import Path

from tests.support.suite.branches.modules import modules
from tests.support.suite.branches.sitecustomize import FOLDER, Loader


def _compile(name: str, path: Path) -> None:
    Loader(name, str(path)).get_code(name)


def _lay_out(named: dict[str, Path]) -> None:
    starts = [0, *accumulate(path.stat().st_size for path in named.values())]
    folder = Path(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    places = json.dumps(dict(zip(named, starts[:-1], strict=True)))
    (folder / "places.json").write_text(places, encoding="utf-8")
    (folder / "hits").write_bytes(bytes(starts[-1]))


if __name__ == "__main__":
    named = modules()
    _lay_out(named)
    with Pool() as pool:
        pool.starmap(_compile, named.items(), chunksize=8)
