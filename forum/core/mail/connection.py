"""A line to the mail server: encrypted as it has to be, logged in, and never open for long."""

import ipaddress
import smtplib
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from forum.core.mail.outcomes import (
    IN_THE_CLEAR,
    LETTERS_OF_LOGIN,
    NO_ENCRYPTION,
    NotEncrypted,
    UnknownLetters,
)
from forum.core.mail.server import MailServer

WITHIN_S = 10.0  # for each step
ALL_WITHIN_S = 20.0  # for all steps of one mail: a server that sends a letter a second is too slow
READY, AUTHENTICATED = 220, 235
_NO_NAME = "[127.0.0.1]"  # until the line is open, and this end of it has an address


class Line(smtplib.SMTP):
    """A connection that can be cut from outside, whatever it is waiting for."""

    def __init__(self, server: MailServer) -> None:
        """Connect, which takes `WITHIN_S` at the most. Raises OSError, SMTPException."""
        self._server = server
        self._handle: socket.socket | None = None
        self._is_cut = False
        self.at_recipient = False  # whether the mail at hand has got so far
        # The library would look up this machine's own name, for as long as that takes.
        super().__init__(local_hostname=_NO_NAME, timeout=WITHIN_S)

    def open(self) -> None:
        """Connect, encrypt and log in."""
        code, words = self.connect(self._server.host, self._server.port)
        if code != READY:
            raise smtplib.SMTPConnectError(code, words)
        self._log_in()
        if self._is_cut:
            raise TimeoutError

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = socket.create_connection((host, port), timeout)
        self._handle = raw.dup()
        if self._is_cut:  # while there was nothing yet to cut
            raw.close()
            raise TimeoutError
        self._host = host
        self.local_hostname = _literal(raw.getsockname()[0])
        if self._server.tls_from_start:
            return self._context(raw.getpeername()[0]).wrap_socket(raw, server_hostname=host)
        return raw

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Begin a mail."""
        self.at_recipient = False
        return super().mail(sender, options)

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Name its recipient: from here on, what goes wrong may be this one's matter."""
        self.at_recipient = True
        return super().rcpt(recip, options)

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """Cut the line when this block takes longer. Raises TimeoutError then."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, smtplib.SMTPException) as problem:
            if self._is_cut:
                raise TimeoutError from problem
            raise
        finally:
            timer.cancel()

    def hang_up(self) -> None:
        """Say good-bye, if anybody listens."""
        with suppress(OSError, smtplib.SMTPException), self.cut_after(1.0):
            self.quit()
        self.drop()

    def drop(self) -> None:
        """Let go of the connection."""
        self.close()
        if self._handle is not None:
            self._handle.close()

    def _cut(self) -> None:
        self._is_cut = True
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def _log_in(self) -> None:
        assert self.sock is not None  # noqa: S101 - it is connected
        address = self.sock.getpeername()[0]
        self.ehlo()
        encrypted = self._server.tls_from_start
        if not encrypted and self.has_extn("starttls"):
            self.starttls(context=self._context(address))
            self.ehlo()
            encrypted = True
        if self._server.tls_required and not (encrypted or is_this_machine(address)):
            raise NotEncrypted(IN_THE_CLEAR if self._server.user else NO_ENCRYPTION)
        if self._server.user:
            self._give_password(self._server.user, self._server.password)

    def _give_password(self, user: str, password: str) -> None:
        if user.isascii() and password.isascii():
            self.login(user, password)
            return
        if "PLAIN" not in str(self.esmtp_features.get("auth", "")).split():
            raise UnknownLetters(LETTERS_OF_LOGIN)
        both = f"\0{user}\0{password}".encode()  # RFC 4616: UTF-8, which the library does not send
        code, words = self.docmd("AUTH", f"PLAIN {b64encode(both).decode()}")
        if code != AUTHENTICATED:
            raise smtplib.SMTPAuthenticationError(code, words)

    def _context(self, address: str) -> ssl.SSLContext:
        """Return how to encrypt. Certificates matter wherever encryption does."""
        context = ssl.create_default_context()
        if not self._server.tls_required or is_this_machine(address):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _literal(address: str) -> str:
    """Return an address as a machine without a name introduces itself (RFC 5321, 4.1.3)."""
    bare = address.partition("%")[0]
    return f"[IPv6:{bare}]" if ":" in bare else f"[{bare}]"


def is_this_machine(host: str) -> bool:
    """Whether an address is this machine's own, so nobody listens in."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
