"""The disclosure report says plainly what a release is not good for, and which limit held."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from forum.research.releases.disclosure import utility
from forum.research.releases.package import files
from forum.research.releases.participant_profiles.generalisation import FOREVER, CountVariable
from forum.research.releases.tiers import microdata
from tests.support.research import simulated
from tests.support.research.release_metadata import ABOUT, WINDOW


def test_columns_that_tell_hardly_anything_are_named_above_all_else(tmp_path: Path) -> None:
    days, posts = (CountVariable(name, ((0, 1, 3, 9),)) for name in ("active_days", "posts"))
    truth = np.arange(40)
    anything = np.zeros(40, np.int64), np.full(40, FOREVER)
    told = utility.findings({days: (truth, *anything), posts: (truth, truth, truth)}, 1.0)
    assert told["columns_that_tell_hardly_anything"] == ["active_days"]
    release = microdata.build(simulated.snapshot(tmp_path, 400), WINDOW, 7)
    files.write(tmp_path / "out", replace(release, findings={**release.findings, **told}), ABOUT)
    report = (tmp_path / "out" / "disclosure.html").read_text()
    assert report.index("do not analyse them: active_days") < report.index("<h2>Attacks")
    assert release.findings["right_guesses_at_most"] == 0.019
    assert "Up to 1.9&nbsp;% of guesses are right. The limit is 2&nbsp;%" in report
