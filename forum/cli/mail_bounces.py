"""`forum mail bounces`: what came back of mails, read from a pipe or a folder of mails."""

import sys
from collections import Counter
from pathlib import Path

import click

TRY_AGAIN = 75  # what a mail server takes for "later"; any other would make it answer the report
_WORDS = {
    "no_mailbox": "from mailboxes that do not exist: address switched off",
    "spam": "reported as spam: address switched off",
    "not_delivered": "not delivered: counted, and after three days the address is switched off",
    "": "other mails, which do nothing",
}


@click.command("bounces")
@click.option(
    "--maildir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read the new mails of this Maildir, and mark them as read.",
)
def bounces(maildir: Path | None) -> None:
    """Read mails that came back, and switch off addresses to which none gets through.

    Without --maildir it reads one mail from its input, as a mail server hands it over. Only reports
    of mail servers about a notification of this forum do anything. Status 0, or 75 when it has to
    be tried again later.
    """
    from forum.accounts.email_delivery import bounces as reports
    from forum.cli.mail import forum_context
    from forum.core.mail.returned import READ_AT_MOST

    counted: Counter[str] = Counter()
    try:
        with forum_context():
            if maildir is None:
                counted[reports.take_in(sys.stdin.buffer.read(READ_AT_MOST))] += 1
            for new in sorted((maildir / "new").iterdir()) if maildir else ():
                with new.open("rb") as mail:
                    counted[reports.take_in(mail.read(READ_AT_MOST))] += 1
                (new.parent.parent / "cur").mkdir(exist_ok=True)
                new.rename(new.parent.parent / "cur" / f"{new.name}:2,S")
    except Exception as problem:
        click.echo(f"Not read: {problem}", err=True)
        sys.exit(TRY_AGAIN)
    for what, words in _WORDS.items():
        if counted[what]:
            click.echo(f"{counted[what]:>9}  {words}")
