"""The `forum` command. What each subcommand needs is imported only when it is asked for."""

import os
import secrets
import sys
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

ELSEWHERE = {
    "backup": "forum.cli.backup:backup",
    "demo": "forum.demo.community:command",
    "import": "forum.cli.importing:command",
    "mail": "forum.cli.mail:mail",
    "push": "forum.cli.push:push",
    "restore": "forum.cli.restore:restore",
    "search": "forum.cli.search:command",
    "serve": "forum.cli.serve:serve",
    "worker": "forum.cli.worker:command",
}
if find_spec("forum.research"):
    ELSEWHERE["activity"] = "forum.cli.activity:command"
    ELSEWHERE["export"] = "forum.cli.export:command"
    ELSEWHERE["instrument"] = "forum.cli.instruments:command"
    ELSEWHERE["study"] = "forum.cli.study:command"


class Commands(click.Group):
    """Finds some subcommands in their own modules, and turns refusals into one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands, in order."""
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, importing it if need be; None if there is none of that name."""
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, name = ELSEWHERE[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run; whatever the operator can do something about ends with its reason and status 1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as problem:
            if str(problem) == "Query interrupted":  # what DuckDB makes of Ctrl-C
                raise click.Abort from problem
            words = _reason(problem)
            if words is None:
                raise
            raise click.ClickException(words) from problem


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="common-thread", prog_name="Common Thread")
def forum() -> None:
    """Run and manage a Common Thread forum.

    Settings come from the environment (FORUM_...); docs/settings.md lists them all.
    """


@forum.command()
def migrate() -> None:
    """Update the database to the newest schema."""
    from forum.server.checks import prepare_database
    from forum.settings.environment import from_environment

    prepare_database(from_environment())
    click.echo("The database is up to date.")


@forum.group()
def user() -> None:
    """Manage accounts."""


@user.command("create")
@click.argument("handle")
@click.option(
    "--role",
    type=click.Choice(["member", "administrator"]),
    default="member",
    show_default=True,
    help="What the person may do on the whole site.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--ask", is_flag=True, help="Ask for the password.")
def create_user(handle: str, role: str, password_stdin: bool, ask: bool) -> None:
    """Create the account HANDLE.

    Without a password option, it makes one up and prints it.
    """
    from forum.accounts import service

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif ask:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = secrets.token_urlsafe(15)
    with _forum():
        service.create_account(handle, password=password, is_temporary=True, role=role)
    click.echo(f"Created {handle} as {role}.")
    if not (password_stdin or ask):
        click.echo(f"Password: {password}")
    click.echo("It works for the first login. They then choose their own.")


@user.command("codes")
@click.argument("handle")
def give_codes(handle: str) -> None:
    """Make ten new recovery codes for HANDLE, who has lost password and codes.

    The old codes stop working. One code, at /recover, sets a new password. Give them only to
    the owner of the account.
    """
    from forum.accounts import service

    with _forum():
        made = service.give_recovery_codes(_account_id(handle))
    click.echo("\n".join(made))


@user.command("suspend")
@click.argument("handle")
@click.option("--days", required=True, type=click.IntRange(1, 3650), help="For how many days.")
@click.option("--because", required=True, help="The reason, which the person will read.")
def suspend_user(handle: str, days: int, because: str) -> None:
    """Suspend the account HANDLE and end its sessions."""
    from forum.accounts import service
    from forum.core import clock

    with _forum():
        until = clock.now() + timedelta(days=days)
        service.suspend(_account_id(handle), until=until, because=because)
    click.echo(f"{handle} is suspended until {until:%Y-%m-%d %H:%M} UTC.")


@user.command("restore")
@click.argument("handle")
def restore_user(handle: str) -> None:
    """End the suspension of the account HANDLE, even if it was erased."""
    from forum.accounts import service

    with _forum():
        if not service.lift_suspension_of_erased(handle):
            service.lift_suspension(_account_id(handle))
    click.echo(f"{handle} may take part again.")


@forum.group()
def group() -> None:
    """Manage support groups."""


@group.command("create")
@click.argument("slug")
@click.argument("name")
@click.option("--topic", default="", help="What it is about, in a word or two.")
@click.option("--description", default="", help="Who it is for, in a few sentences (Markdown).")
@click.option(
    "--leader",
    type=click.Choice(["peer", "professional"]),
    default="peer",
    show_default=True,
    help="Who leads it.",
)
@click.option(
    "--visibility",
    type=click.Choice(["open", "approval", "hidden"]),
    default="open",
    show_default=True,
    help="Who can join: anyone, people you approve, or people you invite.",
)
@click.option("--readable-by-all", is_flag=True, help="Let visitors read the threads.")
def create_group(slug: str, name: str, leader: str, **options: Any) -> None:
    """Create the group NAME at /groups/SLUG."""
    from forum.groups import service

    with _forum():
        service.create_group(None, slug=slug, name=name, leader_kind=leader, **options)
    click.echo(f"Created {name} at /groups/{slug}.")


@group.command("role")
@click.argument("slug")
@click.argument("handle")
@click.argument("role", type=click.Choice(["member", "facilitator", "moderator"]))
def group_role(slug: str, handle: str, role: str) -> None:
    """Give HANDLE a ROLE in the group SLUG. This makes them a member, too."""
    from forum.groups import queries, service

    with _forum():
        service.set_role(None, queries.id_of(slug), _account_id(handle), role)
    click.echo(f"{handle} is now {role} of {slug}.")


def main() -> None:
    """Run the command line: status 0 done, 1 refused with a reason on stderr, 2 misuse."""
    os.umask(0o077)  # what people have written is not for other users of this machine
    try:
        forum(prog_name="forum")
    finally:
        if there := sys.modules.get("forum.core.db"):  # most commands need it, --help does not
            there.close()


def _forum() -> Any:
    from forum import app
    from forum.server import checks
    from forum.settings import environment

    chosen = environment.from_environment()
    checks.prepare_database(chosen)
    return app.create_app(chosen).app_context()


def _account_id(handle: str) -> int:
    from forum.accounts import queries

    found = queries.account_id_of_exact(handle)
    if found is None:
        raise click.ClickException(f"There is no account {handle}.")
    return found


def _reason(problem: Exception) -> str | None:
    from sqlalchemy.exc import OperationalError

    from forum.core.db import database_errors
    from forum.core.errors import Refusal
    from forum.settings.values import BadSettings

    if isinstance(problem, Refusal):
        return problem.words
    if isinstance(problem, BadSettings):
        return str(problem)
    if isinstance(problem, UnicodeDecodeError):
        return "This file is not text in UTF-8."
    reason = database_errors.explain(problem)
    if reason or isinstance(problem, OperationalError):
        return reason.sentence if reason else "The database cannot be reached or used just now."
    if isinstance(problem, OSError):
        return f"{problem.strerror or 'That did not work'}: {problem.filename or ''}".rstrip(": ")
    return None
