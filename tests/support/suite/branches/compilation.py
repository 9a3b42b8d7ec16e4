"""Compile all modules with probes, on all cores, before some processes need them at once."""

from multiprocessing import Pool
from pathlib import Path

from tests.support.suite.branches.modules import modules
from tests.support.suite.branches.sitecustomize import Loader


def _compile(name: str, path: Path) -> None:
    Loader(name, str(path)).get_code(name)


if __name__ == "__main__":
    with Pool() as pool:
        pool.starmap(_compile, modules().items(), chunksize=8)
