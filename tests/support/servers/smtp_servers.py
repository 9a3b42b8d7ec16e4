"""A real mail server in this process, which can refuse, be slow, hang or hang up."""

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session

FINE = "250 fine"


class MailServer:
    """What has arrived, and what is answered: `answers` by the verb, `delays` before it.

    An answer of "" hangs up.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: dict[str, str] = {}
        self.delays: dict[str, float] = {}
        self.logins: list[bytes] = []
        self.encrypted: list[bool] = []
        self.port, self.over_tls = 0, False

    @property
    def url(self) -> str:
        """Its address as FORUM_MAIL_URL has it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def _answer(self, verb: str, server: Any) -> str:
        await asyncio.sleep(self.delays.get(verb, 0))
        answer = self.answers.get(verb, FINE)
        if not answer:
            server.transport.close()
        return answer

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer to the sender."""
        envelope.mail_from = address
        return await self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer to a recipient."""
        answer = await self._answer("RCPT", server)
        if answer == FINE:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail."""
        answer = await self._answer("DATA", server)
        if answer == FINE:
            content = envelope.content
            assert isinstance(content, bytes)
            read = message_from_bytes(content, policy=policy.default)
            assert isinstance(read, EmailMessage)
            self.mails.append(read)
            self.raw.append(content)
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
            self.encrypted.append(self.over_tls or session.ssl is not None)
        return answer

    def authenticate(
        self, _server: Any, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        """Take one password."""
        self.logins.append(data.password)
        return AuthResult(success=data.password == b"secret", handled=False)


class _OnAnyPort(Controller):
    """Knows its port once it listens."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def smtp_server(
    context: ssl.SSLContext | None = None,
    *,
    over_tls: bool = False,
    login: bool = False,
    smtputf8: bool = True,
) -> Iterator[MailServer]:
    """Yield a mail server that runs meanwhile; with a context it offers STARTTLS, or is all TLS."""
    handler = MailServer()
    handler.over_tls = over_tls
    controller = _OnAnyPort(
        handler,
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if over_tls else None,
        tls_context=None if over_tls else context,
        authenticator=handler.authenticate if login else None,
        auth_require_tls=False,
        enable_SMTPUTF8=smtputf8,
    )
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        controller.stop()


def make_context(folder: Path) -> ssl.SSLContext:
    """Return a server's side of TLS, with a certificate that nobody has signed."""
    key, certificate = str(folder / "key.pem"), str(folder / "certificate.pem")
    wanted = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command = ["openssl", "req", "-x509", *wanted, "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    return made
