"""Encrypting what one device alone can read: RFC 8291, in the format of RFC 8188.

Cryptography is loaded when something is sent, not with every page.
"""

import os
from base64 import urlsafe_b64decode
from binascii import Error
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )

POINT_BYTES, AUTH_BYTES, SALT_BYTES = 65, 16, 16
RECORD_BYTES = 4096  # what every service has to take
PLAIN_BYTES = 1024  # all are made as long as this, so their length tells nothing
_END = b"\x02"  # of the last record's words; zeros follow


class BadKeys(ValueError):
    """What a browser has given is no key to encrypt with."""


def check_keys(p256dh: str, auth: str) -> None:
    """Raise BadKeys if nothing could be encrypted for a device with these."""
    _point(decoded(p256dh, POINT_BYTES))
    decoded(auth, AUTH_BYTES)


def encrypt(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    own: "EllipticCurvePrivateKey | None" = None,
    salt: bytes = b"",
    padded_to: int = PLAIN_BYTES,
) -> bytes:
    """Return what a push service is handed. Raises BadKeys, and ValueError for too many words.

    The key pair is made for this message alone, and so is the salt.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(plain) > padded_to:
        raise ValueError("too long for a push message")
    theirs, secret = decoded(p256dh, POINT_BYTES), decoded(auth, AUTH_BYTES)
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    ours = public_bytes(own)
    shared = own.exchange(ec.ECDH(), _point(theirs))
    material = _derived(shared, secret, b"WebPush: info\0" + theirs + ours, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    words = plain + _END + bytes(padded_to - len(plain))
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, words, None)


def public_bytes(own: "EllipticCurvePrivateKey") -> bytes:
    """Return the public half of a key as browsers exchange it."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def decoded(value: str, length: int) -> bytes:
    """Return so many bytes that browsers have written in letters. Raises BadKeys."""
    try:
        found = urlsafe_b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4))
    except (Error, ValueError) as problem:
        raise BadKeys from problem
    if len(found) != length:
        raise BadKeys
    return found


def _point(encoded: bytes) -> "EllipticCurvePublicKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encoded)
    except ValueError as problem:
        raise BadKeys from problem


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt, info).derive(material)
