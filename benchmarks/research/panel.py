"""What a panel of simulated members keeps, period by period.

Run `python -m benchmarks.research.panel`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from forum.activity.measures.study_record import Window
from forum.research.releases.tiers import panel
from tests.support.research.simulated import BEGIN, snapshot

SEED, SIZES, LENGTHS, SCALES = 1, (400, 1000, 2000), (26, 52), (1, 4)
PERIODS = (1, 2, 3)


def main() -> None:
    """Print a row for each number of members, length of study and amount of activity."""
    print(
        "| members | weeks | acts a member | alike | right guesses, at most | finest bands "
        "| broad bands | rank of posts, periods 1 to 3 | rank of active days |"
    )
    for members in SIZES:
        for weeks in LENGTHS:
            for scale in SCALES:
                _measure(members, weeks, scale)


def _measure(members: int, weeks: int, scale: float) -> None:
    with TemporaryDirectory() as name:
        folder = snapshot(Path(name), members, weeks=weeks, scale=scale, seed=SEED)
        release = panel.build(folder, Window(BEGIN.date(), weeks * 7), SEED)
    found = release.findings
    order = found["rank_correlation_of_true_and_told_dose"]
    assert isinstance(order, dict)
    ranks = [
        ", ".join(f"{order[f'{dose}_{period}']:.2f}" for period in PERIODS)
        for dose in ("posts", "active_days")
    ]
    guessed = max(each.upper for each in release.attacks)
    kept = [
        f"{found[name]:.2f}" for name in ("information_kept", "information_kept_of_broad_bands")
    ]
    cells = (members, weeks, 60 * scale, found["alike_required"], f"{guessed:.1%}", *kept, *ranks)
    print("|", " | ".join(str(each) for each in cells), "|", flush=True)


if __name__ == "__main__":
    main()
