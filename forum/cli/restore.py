"""`forum restore`: put a backup back, and erase again whoever has erased themselves since."""

from collections import Counter
from pathlib import Path

import click

from forum.settings.environment import Settings


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of the forum that is here.")
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the private key of an encrypted backup (AGE-SECRET-KEY-…).",
)
def restore(path: Path, replace: bool, identity: Path | None) -> None:
    """Put back the backup at PATH: the database, and the files in FORUM_INSTANCE.

    The forum must not be running. What is there already is kept in a backup of its own. Then
    everything is erased again that was erased or withdrawn since the backup was made, as the list
    in FORUM_TOMBSTONES has it. Everybody has to log in again.
    """
    from forum.backups import databases, restoration
    from forum.backups.creation import Source
    from forum.backups.refusals import Refused
    from forum.core import db
    from forum.settings.environment import from_environment

    settings = from_environment()
    db.bind(settings.database_url)
    try:
        with restoration.unpacked(path, identity, settings.instance) as found:
            restoration.require_fit(found.told, settings.database_url)
            databases.require_unused(settings.database_url)
            if not databases.is_empty():
                if not replace:
                    raise Refused(restoration.NOT_EMPTY)
                here = Source(settings.database_url, settings.instance, settings.backup_key)
                kept = restoration.keep_current(here, settings.tombstones)
                click.echo(f"What was here is kept in {kept}.")
            restoration.put_back(found, settings.database_url, settings.instance)
    except Refused as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(
            f"The backup cannot be put back: {problem.strerror or problem}."
        ) from problem
    click.echo(f"The forum is as it was on {found.told.made_at:%d %B %Y at %H:%M} UTC.")
    _erase_again(from_environment())


def _erase_again(settings: Settings) -> None:
    """Bring the database to the newest schema, log everybody out, do what the tombstones say."""
    from forum import app, jobs
    from forum.accounts import service as accounts
    from forum.core.background.jobs import job_types, runner
    from forum.privacy import tombstone_replay
    from forum.privacy.tombstones import tombstone_file
    from forum.server import checks

    checks.prepare_database(settings)
    accounts.end_sessions_of_all()
    if not settings.tombstones.exists():
        click.echo(
            f"There is no list of erasures at {settings.tombstones}, so nobody was erased again. "
            "If you have the list elsewhere, set FORUM_TOMBSTONES and run this again."
        )
        return
    app.create_app(settings)
    job_types.register(jobs.BACKGROUND_JOBS)
    found = tombstone_replay.replay(tombstone_file.read(settings.tombstones))
    runner.run(gently=False)
    click.echo(_told(found))


def _told(found: Counter[str]) -> str:
    from forum.privacy.tombstones import tombstone_file as tombstones

    accounts = found[tombstones.WITH_POSTS] + found[tombstones.WITHOUT_POSTS]
    return (
        f"Done again: {accounts} accounts erased, {found[tombstones.PARTICIPANT]} participants' "
        f"records erased, {found[tombstones.CONSENT]} consents withdrawn."
    )
