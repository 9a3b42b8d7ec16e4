"""`forum mail`: whether mail gets out, and what came of what was sent."""

import sys
from typing import Any

import click

from forum.cli.mail_bounces import bounces


@click.group("mail")
def mail() -> None:
    """Test the mail server, and see what has become of notifications by email."""


mail.add_command(bounces)


@mail.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send one mail to ADDRESS, and say in plain words what is wrong if it doesn't get out.

    Status 0 when the mail server has taken it, 1 when not.
    """
    from forum.accounts.identity import emails
    from forum.core import mail as mails

    with forum_context():
        to = emails.checked(address)
        if not mails.available() or to is None:
            raise click.ClickException(
                "No mail server is set. Set FORUM_MAIL_URL, such as "
                "smtp://user:password@mail.example.org."
            )
        outcome = mails.Mailer().deliver(_letter(to, mails.site()))
        if not isinstance(outcome, mails.Delivered):
            raise click.ClickException(outcome.reason)
        click.echo(f"The mail server has taken a mail to {to}. Please check that it arrives.")
        if not mails.sends_links():
            click.echo(
                "Notifications are not sent yet: set FORUM_ORIGINS, so their links lead here."
            )


@mail.command("status")
def status() -> None:
    """Say how many emails wait, were sent and have failed, and how many addresses are off."""
    from forum.notifications.outbox import status as outbox

    with forum_context():
        for label, count in outbox.of_mail():
            click.echo(f"{count:>9}  {label}")


@mail.command("off")
@click.argument("address")
def off(address: str) -> None:
    """Send nothing more to the mailbox of ADDRESS, which has complained or sends mail back.

    That holds for links to confirm it and for new passwords, too, until you allow it again with
    forum mail on. Status 1 when it was off already.
    """
    from forum.accounts.email_delivery import switched_off_emails

    with forum_context():
        accounts, is_new = switched_off_emails.stop_mailbox(_checked(address))
    if not is_new:
        click.echo("Nothing is sent there already.", err=True)
        sys.exit(1)
    told = " Its owner is told in the forum." if accounts else ""
    click.echo(f"Nothing more is sent there, not even a link for a new password.{told}")


@mail.command("on")
@click.argument("address")
def on(address: str) -> None:
    """Allow mail to the mailbox of ADDRESS again, after forum mail off.

    Its owner gets notifications once they have confirmed the address again. Status 1 when it was
    not off.
    """
    from forum.accounts.email_delivery import switched_off_emails

    with forum_context():
        was_off = switched_off_emails.allow_mailbox(_checked(address))
    if not was_off:
        click.echo("This address was not off.", err=True)
        sys.exit(1)
    click.echo("Mail to it is allowed again. Its owner can confirm it under Account, then Email.")


def _checked(address: str) -> str:
    """Return an address as it is stored. Raises Invalid, or ClickException for an empty one."""
    from forum.accounts.identity import emails

    if found := emails.checked(address):
        return found
    raise click.ClickException("Give an email address.")


def _letter(to: str, site: str) -> Any:
    from forum.core import mail as mails

    return mails.Letter(
        to=to,
        subject=f"A test of {site}",
        paragraphs=(f"{site} can send mail. You don't have to do anything.",),
    )


def forum_context() -> Any:
    """Return the forum as the settings say, to be used in a `with`."""
    from forum import app
    from forum.server import checks
    from forum.settings import environment

    chosen = environment.from_environment()
    checks.check_written(chosen)
    checks.prepare_database(chosen)
    return app.create_app(chosen).app_context()
