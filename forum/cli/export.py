"""`forum export STUDY`."""

from pathlib import Path
from typing import Any

import click

TOLD = (
    "Four weeks of participation that were over on {day} have been told, and are left out. With "
    "--epsilon, all are told."
)
LEFT = "Of this year's epsilon, {left:.3g} is left; this release spends {spent:.3g} of it."
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("study")
@click.option(
    "--tier",
    type=click.Choice(["aggregate", "microdata", "panel", "events"]),
    required=True,
    help="Counts; rows of people; rows of people and four weeks; or event rows under an agreement.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="A folder that doesn't exist yet."
)
@click.option("--by", "made_by", required=True, help="Who makes this release.")
@click.option("--because", "reason", required=True, help="Why; the ledger keeps it.")
@click.option("--recipient", default="", help="Who receives it; needed for events.")
@click.option("--agreement", type=FILE, help="The agreement; needed for events.")
@click.option(
    "--hours",
    type=click.IntRange(1, 24 * 31),
    default=1,
    show_default=True,
    help="How coarse event times are, in hours, as the agreement says.",
)
@click.option(
    "--epsilon",
    type=float,
    help="Add noise to aggregates for differential privacy: more than 0 and at most 1 per release.",
)
@click.option(
    "--alike",
    "class_size",
    type=int,
    help="How many people must be alike, if more than necessary: 11 to 200.",
)
@click.option(
    "--guesses",
    type=int,
    help="How many of 100 guesses about rows of people may be right: 2 to 9. Without it, 2.",
)
@click.option(
    "--columns",
    default="",
    help="Columns of microdata instead of the dose, such as posts,joined; or all.",
)
@click.option(
    "--linkage",
    default="",
    help="For microdata: a purpose. People who agreed have the same id for this recipient and "
    "purpose each time.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**62),
    help="Start of the random numbers, to make the same release again. Keys of events are new.",
)
@click.option("--spss", is_flag=True, help="Write SPSS files as well.")
def command(study: str, out: Path, agreement: Path | None, **options: Any) -> None:
    """Make a release of STUDY, after testing it with attacks.

    A release that could identify people is refused, with advice on what to do; only events may
    identify people. It contains only people who agreed to share. The ledger lists every release.
    """
    from forum.research import optional_dependencies
    from forum.server import checks
    from forum.settings.environment import from_environment

    optional_dependencies.require()
    from forum.core import clock
    from forum.research.releases import pipeline
    from forum.research.releases.disclosure import column_costs
    from forum.research.releases.disclosure.differential_privacy import privacy_budget
    from forum.research.releases.ledger import queries

    checks.prepare_database(from_environment())
    if options["epsilon"] is not None:
        left = privacy_budget.remaining(study, clock.now())
        click.echo(LEFT.format(left=left, spent=options["epsilon"]))
    elif options["tier"] == "aggregate" and (at := queries.last_aggregate_at(study)):
        click.echo(TOLD.format(day=f"{at:%d %B %Y}"))
    if options["tier"] == "microdata":
        click.echo(column_costs.in_words())
    given = agreement.read_bytes() if agreement else None
    columns = tuple(name.strip() for name in options.pop("columns").split(",") if name.strip())
    number = pipeline.make(study, out, agreement=given, columns=columns, **options)
    click.echo(f"Release {number} of {study} is in {out}.")
