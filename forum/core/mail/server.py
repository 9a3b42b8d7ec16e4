"""The mail server that the operator has named: where it is, and how the line is encrypted."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from forum.settings.values import BadSettings

SUBMISSION, SUBMISSION_OVER_TLS = 587, 465


@dataclass(frozen=True)
class MailServer:
    """A mail server, as FORUM_MAIL_URL says.

    On port 465, or with smtps://, the line is encrypted from the start. On port 587 the server has
    to switch to encryption (STARTTLS); on any other it may, and has to where there is a password.
    """

    host: str
    port: int
    user: str
    password: str
    tls_from_start: bool

    @property
    def tls_required(self) -> bool:
        """Whether nothing may be sent over a line that is not encrypted, but on this machine."""
        return self.tls_from_start or self.port == SUBMISSION or bool(self.user)


def from_url(url: str) -> MailServer:
    """Return the server of an address such as smtp://user:password@mail.example.org.

    Without a port it is 587, or 465 with smtps://. Raises BadSettings.
    """
    parts = urlsplit(url)
    over_tls = parts.scheme == "smtps"
    port = parts.port or (SUBMISSION_OVER_TLS if over_tls else SUBMISSION)
    if parts.password and not parts.username:
        raise BadSettings(
            "FORUM_MAIL_URL has a password and no user; write smtp://user:password@…."
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSettings(
            "FORUM_MAIL_URL ends after the host or port; write /, ? and # in a user or password as "
            "%2F, %3F and %23."
        )
    return MailServer(
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls_from_start=over_tls or port == SUBMISSION_OVER_TLS,
    )
