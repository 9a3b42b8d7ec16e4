"""Play all journeys and print the table: `make journeys`. Ends with 1 where one of them fails."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Error, expect, sync_playwright

from benchmarks.journeys import (
    administering,
    distress,
    joining,
    meeting,
    moderating,
    reading,
    studying,
)
from benchmarks.journeys.report import table
from benchmarks.journeys.stage import Stage
from tests.support.browsers.chromium import CHROMIUM, FLAGS
from tests.support.servers.real_servers import COMMAND, running

JOURNEYS = {
    "new member on a phone": joining.new_member,
    "back the next day": reading.back_next_day,
    "keyboard alone": reading.keyboard_alone,
    "no script": reading.no_script,
    "live meeting": meeting.live_meeting,
    "moderator": moderating.forty_minutes,
    "first administrator": administering.first_administrator,
    "researcher": studying.researcher,
    "participant": studying.participant,
    "in distress": distress.somebody_in_distress,
}


def main() -> int:
    """Play the journeys whose names begin with the words given, or all."""
    chosen = {
        name: play for name, play in JOURNEYS.items() if name.startswith(tuple(sys.argv[1:]) or "")
    }
    failed = []
    with _stage() as stage:
        for name, play in chosen.items():
            stage.journey = name
            print(name, file=sys.stderr)
            try:
                play(stage)
            except (AssertionError, Error) as problem:
                failed.append(f"{name}: {problem}")
            stage.clear()
    print(table(stage.reached))
    print(*failed, sep="\n", file=sys.stderr)
    return 1 if failed else 0


@contextmanager
def _stage() -> Iterator[Stage]:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with ExitStack() as until_done:
        folder = Path(until_done.enter_context(tempfile.TemporaryDirectory()))
        demo, empty = ({"FORUM_INSTANCE": str(folder / name)} for name in ("demo", "empty"))
        _run(demo, "demo")
        _run(
            empty,
            "user",
            "create",
            administering.HANDLE,
            "--role",
            "administrator",
            "--password-stdin",
            stdin=administering.PASSWORD,
        )
        here, there = (
            until_done.enter_context(running(one, migrated=False)) for one in (demo, empty)
        )
        browser = until_done.enter_context(sync_playwright()).chromium.launch(
            executable_path=chromium, args=FLAGS
        )
        expect.set_options(timeout=20_000)
        yield Stage(browser, here.url, there.url)
        browser.close()


def _run(environ: dict[str, str], *words: str, stdin: str = "") -> None:
    subprocess.run(
        [*COMMAND, *words],
        env={**os.environ, **environ},
        input=stdin,
        text=True,
        stdout=subprocess.DEVNULL,
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main())
