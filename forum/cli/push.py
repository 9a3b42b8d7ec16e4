"""`forum push`: what came of notifications that were sent to members' devices."""

import click

from forum.cli.mail import forum_context


@click.group("push")
def push() -> None:
    """See what has become of notifications by web push."""


@push.command("status")
def status() -> None:
    """Say how many push messages wait, were sent and have failed, and count devices."""
    from forum.core import web_push
    from forum.notifications.outbox import status as outbox

    with forum_context():
        for label, count in outbox.of_push():
            click.echo(f"{count:>9}  {label}")
        if not web_push.available():
            click.echo("Nothing is sent: set FORUM_ORIGINS, and don't set FORUM_PUSH_SERVICES=off.")
