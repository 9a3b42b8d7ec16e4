"""`forum activity`: what the operator does about the record of activity."""

from collections import Counter

import click


@click.group()
def command() -> None:
    """Check the record of study participants."""


@command.command("check")
def check() -> None:
    """Compare the record with posts, reactions, memberships and attendance.

    Print one line for each event that a consent covers and the record lacks (missing), and for each
    row that nothing explains (unexplained), with study, time and details. Exit with status 1 if
    there are any. Studies whose last day is over are closed first.
    """
    from forum.core import db
    from forum.research.completeness import completeness_check
    from forum.research.studies import planning
    from forum.server import checks
    from forum.settings.environment import from_environment

    checks.prepare_database(from_environment())
    planning.close_ended()  # what was done after a study's last day is not missing
    db.analyze()
    counts = Counter[str]()
    for found in completeness_check.findings():
        counts[found.what] += 1
        click.echo(f"{found.what}\t{found.study}\t{found.at:%Y-%m-%d %H:%M:%S}\t{found.words}")
    if counts:
        missing, unexplained = counts["missing"], counts["unexplained"]
        raise click.ClickException(
            f"The record differs from the forum: {missing} missing, {unexplained} unexplained."
        )
    click.echo("The record agrees with the forum.")
