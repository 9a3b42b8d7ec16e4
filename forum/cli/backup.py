"""`forum backup`: the database and the files of the forum, in one file."""

from pathlib import Path

import click


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(1, 1000),
    help="In a folder: delete the oldest backups, all but this many.",
)
def backup(path: Path, keep: int | None) -> None:
    """Make a backup in a new file at PATH, or in the folder PATH, named by the time.

    The forum may run meanwhile. Before the backup gets its name it is unpacked and checked. It is
    encrypted if FORUM_BACKUP_KEY is set. Sealed allocations, releases and the list of erasures
    (FORUM_TOMBSTONES) are not in it: keep the latter two elsewhere. Status 1 when it fails.
    """
    from forum.backups import creation, schedule
    from forum.backups.creation import Source
    from forum.backups.refusals import Refused
    from forum.core import db
    from forum.settings.environment import from_environment

    if keep and not path.is_dir():
        raise click.UsageError("--keep is for a folder that is there.")
    settings = from_environment()
    db.bind(settings.database_url)
    source = Source(settings.database_url, settings.instance, settings.backup_key)
    try:
        if path.is_dir():
            path = schedule.make_dated(source, path, keep or 0)
        else:
            creation.make(source, path)
    except Refused as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(
            f"The backup cannot be written: {problem.strerror or problem}."
        ) from problem
    size = path.stat().st_size / 1e6
    told = ", encrypted" if settings.backup_key else ""
    click.echo(f"{path}: {size:,.1f} MB, checked{told}.")
