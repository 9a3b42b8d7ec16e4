"""A mail server that keeps what it is given: just enough SMTP for tests."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string
from email.message import Message


class Mailbox(socketserver.ThreadingTCPServer):
    """Listens on a free port; `mails` holds what has arrived, `heard` what was said before.

    With a `context` it offers STARTTLS; a password it takes only then, or `in_the_clear`.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, context: ssl.SSLContext | None = None, *, in_the_clear: bool = False
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.context, self.in_the_clear = context, in_the_clear
        self.mails: list[Message] = []
        self.heard: list[str] = []

    @property
    def url(self) -> str:
        """Return its address as FORUM_MAIL_URL has it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Mailbox)
        self._say("220 here")
        encrypted = False
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            self.server.heard.append(f"{verb} encrypted" if encrypted else verb)
            if verb == "DATA":
                self._say("354 go on")
                self._take()
            if verb == "EHLO":
                self._offer(encrypted=encrypted)
            elif verb == "STARTTLS" and self.server.context:
                self._say("220 go on")
                self._encrypt(self.server.context)
                encrypted = True
            elif verb == "AUTH":
                self._say("235 welcome")
            else:
                self._say("221 bye" if verb == "QUIT" else "250 fine")
            if verb == "QUIT":
                return

    def _offer(self, *, encrypted: bool) -> None:
        assert isinstance(self.server, Mailbox)
        self._say("250-here")
        if self.server.context and not encrypted:
            self._say("250-STARTTLS")
        if encrypted or self.server.in_the_clear:
            self._say("250-AUTH PLAIN")
        self._say("250 fine")

    def _encrypt(self, context: ssl.SSLContext) -> None:
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _take(self) -> None:
        lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
        assert isinstance(self.server, Mailbox)
        self.server.mails.append(message_from_string("\n".join(lines)))


@contextmanager
def mailbox(
    context: ssl.SSLContext | None = None, *, in_the_clear: bool = False
) -> Iterator[Mailbox]:
    """Yield a mail server that runs meanwhile."""
    with Mailbox(context, in_the_clear=in_the_clear) as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        try:
            yield box
        finally:
            box.shutdown()
