"""Sending mail, when the operator has named a mail server."""

import smtplib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import structlog

from forum.setting_values import BadSettings

log = structlog.get_logger()
_url = ""
_sender = ""


def init(url: str, sender: str) -> None:
    """Use this mail server from now on; an empty address means that no mail is sent."""
    global _url, _sender
    _url, _sender = url, sender


def check_sender(sender: str) -> None:
    """Raise BadSettings if no mail could be sent from there."""
    message = EmailMessage()
    try:
        message["From"] = sender
        one = [address for address in message["From"].addresses if "@" in address.addr_spec]
    except (IndexError, AttributeError, ValueError):  # what the library makes of nonsense
        one = []
    if len(one) != 1 or not one[0].username or message["From"].defects:
        raise BadSettings(
            "FORUM_MAIL_FROM must be one address, such as Common Thread <forum@example.org>."
        )


def available() -> bool:
    """Whether mail can be sent at all."""
    return bool(_url)


def send(to: str, subject: str, words: str) -> None:
    """Send one plain mail; a failure is logged, without whom it was for, and not raised."""
    if not available():
        return
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = _sender, to, subject
    message.set_content(words)
    server = urlsplit(_url)
    connect = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    try:
        with connect(server.hostname or "", server.port or 0, timeout=10) as connection:
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
            connection.send_message(message)
    except (OSError, smtplib.SMTPException) as problem:
        log.warning("mail_not_sent", problem=type(problem).__name__)
