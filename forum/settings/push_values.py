"""What an operator can set about web push: the forum's key, and to which services it sends.

Each function raises BadSettings, naming the setting, for what cannot be meant.
"""

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from forum.settings.values import BadSettings, kept_key

KEY_BYTES = 32
# Private keys of the curve P-256 are the numbers from 1 up to this one, which is left out.
_ORDER = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
_LETTERS = re.compile(r"[A-Za-z0-9_-]{43}")
# Of Chrome and what is built on it, Firefox, Safari and Edge.
SERVICES = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
_SERVICE = re.compile(
    r"(\*\.(?=[^:]*\.))?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
    r"(:[1-9][0-9]{0,4})?"
)


def key(value: str, instance: Path) -> str:
    """Return the private key, or else the one that is kept in the instance folder."""
    if value:
        if not _is_key(value):
            raise BadSettings(
                "FORUM_PUSH_KEY must be a private key for web push (VAPID): 43 letters and digits."
            )
        return value
    return kept_key("push_key", instance, _make, _is_key, "private key for web push")


def services(value: str) -> tuple[str, ...]:
    """Return the services that are separated by commas; none for `off`."""
    if value.lower() == "off":
        return ()
    given = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    for one in given:
        port = one.partition(":")[2]
        if not _SERVICE.fullmatch(one) or (port and int(port) > 65535):
            raise BadSettings(
                "FORUM_PUSH_SERVICES must be off, or list hosts such as push.example.org or "
                "*.push.example.org."
            )
    return given or SERVICES


def _make() -> str:
    number = 1 + secrets.randbelow(_ORDER - 1)
    return urlsafe_b64encode(number.to_bytes(KEY_BYTES, "big")).decode().rstrip("=")


def _is_key(value: str) -> bool:
    if not _LETTERS.fullmatch(value):
        return False
    return 0 < int.from_bytes(urlsafe_b64decode(value + "="), "big") < _ORDER
