"""`forum demo`: a believable small community that shows what an empty forum is for.

Everybody in it is made up. The words are in `data/`, one file a group; `text` reads them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import click
from sqlalchemy import case, literal, select, update

from forum.accounts import service as accounts_service
from forum.accounts.models import Account
from forum.core import clock, optional_slices
from forum.core.db import UtcDateTime, current_session, transaction
from forum.demo import conversations, study
from forum.demo import meetings as demo_meetings
from forum.demo import queue as demo_queue
from forum.demo import text as demo_text
from forum.demo.accounts import ACCOUNTS
from forum.groups.models import Group, Membership
from forum.importing.loading import load_records
from forum.importing.records import Record

OLDEST = timedelta(days=170)
NEW_FOR = timedelta(days=4)


@click.command("demo")
def command() -> None:
    """Fill an empty forum with a made-up community, and print five accounts to try it with."""
    from forum import app
    from forum.server import checks
    from forum.settings.environment import from_environment

    settings = from_environment()
    checks.prepare_database(settings)
    app.create_app(settings)
    if not fill_if_empty():
        raise click.ClickException(
            "There are people or groups here already; the demo community is for an empty forum."
        )
    say_what_figures_need()
    for one in ACCOUNTS:
        click.echo(f"{one.handle:12} {one.password:26} {one.what}")


def fill_if_empty() -> bool:
    """Write the demo community, if there is nobody and no group yet; return whether it did."""
    now = clock.now()
    if not _empty():
        return False
    hashes = [accounts_service.hash_password(one.handle, one.password) for one in ACCOUNTS]
    with transaction():
        if not _empty():
            return False
        for one, kept in zip(ACCOUNTS, hashes, strict=True):
            accounts_service.create_account(
                one.handle, password_hash=kept, role=one.role, at=now - OLDEST
            )
        refusals = list(_refusals(_records(now)))
        if refusals:
            raise ValueError(f"the demo community does not fit the rules: {refusals[:3]}")
        _leave_latest_unread(now - NEW_FOR)
        demo_meetings.write(ACCOUNTS[-1].handle, now)
        conversations.write(now)
        demo_queue.fill(now)
        if optional_slices.optional("forum.research"):
            from forum.demo import visits

            visits.fill(now)
            study.name_researcher()
    return True


def _leave_latest_unread(since: datetime) -> None:
    """Let what was said lately be new to everybody, as to people who come back."""
    joined = Membership.joined_at
    later = case((joined > since, joined), else_=literal(since, UtcDateTime))
    current_session().execute(update(Membership).values(new_since=later))


def say_what_figures_need() -> None:
    """Say what the server needs to draw the figures of the demo's study, if it is not there."""
    libraries = optional_slices.optional("forum.research.optional_dependencies")
    if libraries and not libraries.are_installed():
        click.echo(libraries.MISSING)


def _records(now: datetime) -> Iterator[Record]:
    yield from demo_text.community(now)
    if optional_slices.optional("forum.research"):
        yield from study.records(now)


def _empty() -> bool:
    session = current_session()
    return not (session.scalar(select(Account.id).limit(1)) or session.scalar(select(Group.id)))


def _refusals(records: Iterator[Record]) -> list[str]:
    found: list[str] = []
    load_records(records, lambda number, reason: found.append(f"{number}: {reason}"))
    return found
