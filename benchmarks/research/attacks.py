"""How releases of simulated members withstand attack.

Run `python -m benchmarks.research.attacks`.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from forum.activity.measures.study_record import Window
from forum.core.errors import Refusal
from forum.research.releases.disclosure.attacks.reidentification import AttackResult
from forum.research.releases.package.schema import Release
from forum.research.releases.tiers import aggregate, event_level, microdata, panel
from tests.support.research.simulated import BEGIN, snapshot

WEEKS, SEED = 26, 1
HEAD = "| members | release | attack | found | at most | guessing | fewest | fewer than 11 |"


def main() -> None:
    """Print a row for each release and attack of each number of members asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.research.attacks", description=__doc__
    )
    parser.add_argument("members", type=int, nargs="*", default=[1_000])
    print(f"{HEAD}\n{'|---' * HEAD.count(' | ')}|---|")
    for members in parser.parse_args().members:
        with TemporaryDirectory() as name:
            folder = snapshot(Path(name), members, weeks=WEEKS, seed=SEED)
            for release in _releases(folder):
                for each in release.attacks:
                    print("|", members, "|", _name(release), "|", " | ".join(_cells(each)), "|")
                print(f"\n{release.findings}\n")


def _releases(folder: Path) -> Iterator[Release]:
    window = Window(BEGIN.date(), WEEKS * 7)
    for build in (aggregate.build, microdata.build, panel.build):
        try:
            yield build(folder, window, SEED)
        except Refusal as refusal:
            print(refusal.message)
    for hours in (1, 24 * 7):
        yield event_level.build(folder, window, SEED, hours)


def _cells(result: AttackResult) -> Iterator[str]:
    yield result.attack
    yield from (f"{each:.1%}" for each in (result.rate, result.upper, result.guessing))
    yield str(result.fewest)
    yield f"{result.narrowed_upper or 0:.3%}"


def _name(release: Release) -> str:
    hours = release.findings.get("hours")
    return f"{release.tier}, by {hours} hours" if hours else release.tier


if __name__ == "__main__":
    main()
