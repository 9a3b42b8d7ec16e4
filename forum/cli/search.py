"""`forum search`: what the operator does about the index of searches."""

from collections import Counter

import click


@click.group()
def command() -> None:
    """Check the search index, or make it anew.

    The server keeps it up to date by itself, within a second.
    """


@command.command("rebuild")
def rebuild() -> None:
    """Empty the index and fill it again. Members can go on writing and searching meanwhile.

    If it is stopped, the server goes on where it was, or this command when it is run again.
    """
    from forum.core import db
    from forum.search import indexing
    from forum.server import checks
    from forum.settings.environment import from_environment

    checks.prepare_database(from_environment())
    indexing.clear()
    total = indexing.changes_left()
    with click.progressbar(length=total, label="Indexing") as bar:
        known = total
        while indexing.step():
            left = indexing.changes_left()
            bar.update(known - left)
            known = left
            db.give_way()
        bar.update(known)
    indexing.tidy()
    click.echo(f"{total} posts and titles are indexed.")


@command.command("check")
def check() -> None:
    """Compare the index with all posts and titles.

    Print one line for each that is missing, out of date, not found or left over, with its number.
    Exit with status 1 if there are any. What waits to be indexed is indexed first.
    """
    from forum.search import checking, indexing
    from forum.server import checks
    from forum.settings.environment import from_environment

    checks.prepare_database(from_environment())
    indexing.catch_up()
    counts = Counter[str]()
    for found in checking.differences():
        counts[found.what] += 1
        click.echo(f"{found.what}\t{found.kind}\t{found.ref_id}")
    if counts:
        told = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
        raise click.ClickException(
            f"The index differs from the forum: {told}. Run “forum search rebuild”."
        )
    click.echo("The index agrees with the forum.")
