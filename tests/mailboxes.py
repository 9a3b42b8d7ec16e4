"""A mail server that keeps what it is given: just enough SMTP for tests."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string
from email.message import Message


class Mailbox(socketserver.ThreadingTCPServer):
    """Listens on a free port; `mails` holds what has arrived."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[Message] = []

    @property
    def url(self) -> str:
        """Return its address as FORUM_MAIL_URL has it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self._take()
            self._say("221 bye" if verb == "QUIT" else "250 fine")
            if verb == "QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _take(self) -> None:
        lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
        assert isinstance(self.server, Mailbox)
        self.server.mails.append(message_from_string("\n".join(lines)))


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Yield a mail server that runs meanwhile."""
    with Mailbox() as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        try:
            yield box
        finally:
            box.shutdown()
