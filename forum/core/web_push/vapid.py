"""Saying to a push service who sends (VAPID, RFC 8292): a token signed with the forum's key."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import TYPE_CHECKING

from forum.core import clock
from forum.core.web_push.encryption import public_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

VALID_FOR = timedelta(hours=12)  # services take 24 at most
_HEAD = {"typ": "JWT", "alg": "ES256"}
_HALF = 32


def authorization(key: str, audience: str, contact: str) -> str:
    """Return the header that lets a message through to devices that take them from this key."""
    expires = int((clock.now() + VALID_FOR).timestamp())
    claims = {"aud": audience, "exp": expires, "sub": contact}
    signed = f"{_in_letters(_json(_HEAD))}.{_in_letters(_json(claims))}"
    token = f"{signed}.{_in_letters(_signature(key, signed.encode()))}"
    return f"vapid t={token},k={public_key(key)}"


def public_key(key: str) -> str:
    """Return the public half of a private key, in letters."""
    return _in_letters(public_bytes(_private(key)))


def _signature(key: str, signed: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    both = decode_dss_signature(_private(key).sign(signed, ec.ECDSA(SHA256())))
    return b"".join(one.to_bytes(_HALF, "big") for one in both)


def _private(key: str) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    number = int.from_bytes(urlsafe_b64decode(key + "="), "big")
    return ec.derive_private_key(number, ec.SECP256R1())


def _json(value: dict[str, object] | dict[str, str]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _in_letters(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
