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
    from forum.search import indexing, rebuild
    from forum.server import checks
    from forum.settings.environment import from_environment

    checks.prepare_database(from_environment())
    rebuild.begin()
    total = indexing.changes_left()
    with click.progressbar(length=total, label="Indexing") as bar:
        known = total
        while indexing.step():
            left = min(known, indexing.changes_left())
            bar.update(known - left)
            known = left
            db.give_way()
        bar.update(known)
    indexing.tidy()
    click.echo(f"{indexing.count()} posts and titles are indexed.")


@command.command("check")
def check() -> None:
    """Compare the index with all posts and titles.

    Print one line for each that is missing, out of date, left over or has wrong keys, with its
    number. Exit with status 1 if there are any. What waits to be indexed is indexed first.
    """
    from forum.search import checking, indexing
    from forum.server import checks
    from forum.settings.environment import from_environment

    checks.prepare_database(from_environment())
    indexing.catch_up()
    found = Counter(checking.differences())
    if found:  # or something has changed meanwhile
        indexing.catch_up()
        found &= Counter(checking.differences())
    for one in found.elements():
        click.echo(f"{one.what}\t{one.kind}\t{one.ref_id}")
    if found:
        counts = Counter(one.what for one in found.elements())
        told = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
        raise click.ClickException(
            f"The index differs from the forum: {told}. Run “forum search rebuild”."
        )
    click.echo("The index agrees with the forum.")
