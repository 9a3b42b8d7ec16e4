"""`forum mail`: whether mail gets out, and what came of what was sent."""

import sys
from typing import Any

import click


@click.group("mail")
def mail() -> None:
    """Test the mail server, and see what has become of notifications by email."""


@mail.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send one mail to ADDRESS, and say in plain words what is wrong if it doesn't get out.

    Status 0 when the mail server has taken it, 1 when not.
    """
    from forum.accounts.identity import emails
    from forum.core import mail as mails

    with _forum():
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

    with _forum():
        for label, count in outbox.of_mail():
            click.echo(f"{count:>9}  {label}")


@mail.command("off")
@click.argument("address")
def off(address: str) -> None:
    """Send no more notifications to ADDRESS, which has complained or sends mail back.

    Its owner can turn them on again only by a new link that is sent there.
    """
    from forum.accounts.identity import verified_emails

    with _forum():
        found = verified_emails.switch_off_address(address)
    if not found:
        click.echo("No account gets notifications there.", err=True)
        sys.exit(1)
    click.echo("No more notifications are sent there.")


def _letter(to: str, site: str) -> Any:
    from forum.core import mail as mails

    return mails.Letter(
        to=to,
        subject=f"A test of {site}",
        paragraphs=(f"{site} can send mail. You don't have to do anything.",),
    )


def _forum() -> Any:
    from forum import app
    from forum.server import checks
    from forum.settings import environment

    chosen = environment.from_environment()
    checks.check_written(chosen)
    checks.prepare_database(chosen)
    return app.create_app(chosen).app_context()
