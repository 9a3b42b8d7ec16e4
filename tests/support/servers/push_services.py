"""A real push service in this process, over TLS, and browsers that can read what it was handed."""

import base64
import json
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import http_ece
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from py_vapid import Vapid02

from forum.core import web_push
from forum.core.web_push import configuration
from forum.core.web_push.addresses import Address
from forum.core.web_push.configuration import Configuration
from forum.core.web_push.encryption import public_bytes

CONTACT = "https://forum.example.org"
# Of no meaning but that it is one: 1 is a private key like any other.
KEY = base64.urlsafe_b64encode((1).to_bytes(32, "big")).decode().rstrip("=")


@dataclass
class Browser:
    """A browser that has subscribed: its address at the service, and its own keys."""

    endpoint: str
    own: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def subscription(self) -> dict[str, str]:
        """What its script sends to the forum."""
        return {
            "endpoint": self.endpoint,
            "p256dh": _in_letters(public_bytes(self.own)),
            "auth": _in_letters(self.secret),
        }

    @property
    def device(self) -> web_push.Device:
        """The same as the forum keeps it."""
        return web_push.Device(**self.subscription)

    def read(self, body: bytes) -> dict[str, Any]:
        """Return what a message says. Raises for one that is for somebody else."""
        words = http_ece.decrypt(
            body, private_key=self.own, auth_secret=self.secret, version="aes128gcm"
        )
        told: dict[str, Any] = json.loads(words)
        return told


@dataclass(frozen=True)
class Arrived:
    """One message as the service was handed it."""

    path: str
    headers: Message
    body: bytes

    @property
    def claims(self) -> dict[str, Any]:
        """What its token says. Raises AssertionError where the signature does not hold."""
        authorization = self.headers["Authorization"]
        assert Vapid02.verify(authorization)
        token = authorization.partition("t=")[2].partition(",")[0]
        read: dict[str, Any] = json.loads(_from_letters(token.split(".")[1]))
        return read


class PushService:
    """What has arrived, and what is answered to each path: 201 unless `answers` says otherwise.

    An answer of 0 says nothing until the service ends, and one of -1 a byte now and then.
    """

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.answers: dict[str, int] = {}
        self.headers: dict[str, str] = {}
        self.over = threading.Event()
        self.port = 0
        self._browsers = 0

    @property
    def name(self) -> str:
        """As FORUM_PUSH_SERVICES has it."""
        return f"localhost:{self.port}"

    def browser(self) -> Browser:
        """Return another browser that has subscribed."""
        self._browsers += 1
        return Browser(f"https://{self.name}/send/{self._browsers}")

    def answer(self, browser: Browser, status: int) -> None:
        """Answer so to messages for this browser."""
        self.answers[browser.endpoint.removeprefix(f"https://{self.name}")] = status

    def told(self, browser: Browser) -> list[dict[str, Any]]:
        """Return what a browser was sent."""
        path = browser.endpoint.removeprefix(f"https://{self.name}")
        return [browser.read(one.body) for one in self.arrived if one.path == path]


def loopback(address: Address) -> bool:
    """Allow what is nowhere else allowed."""
    return address.is_loopback


@contextmanager
def push_service() -> Iterator[PushService]:
    """Yield a push service that runs meanwhile, and is the only one to which the forum sends."""
    service = PushService()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(service))
    server.daemon_threads = True
    given, trusted = _contexts()
    server.socket = given.wrap_socket(server.socket, server_side=True)
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    before = configuration.use(Configuration(KEY, (service.name,), CONTACT, loopback, trusted))
    try:
        yield service
    finally:
        configuration.use(before)
        service.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler_of(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = service.answers.get(self.path, 201)
            if status == 0:
                service.over.wait(20)
                return
            if status == -1:
                while not service.over.wait(0.02):
                    self.wfile.write(b"H")
                return
            if status in {200, 201, 202, 204}:
                service.arrived.append(Arrived(self.path, self.headers, body))
            self.send_response(status)
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_told: Any) -> None:
            pass

    return Handler


@cache
def _contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the service's side of TLS, and that of a forum which trusts it."""
    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(own, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    key = own.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    given = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "service.pem"
        file.write_bytes(key + certificate)
        given.load_cert_chain(file)
    return given, ssl.create_default_context(cadata=certificate.decode())


def _in_letters(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _from_letters(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
