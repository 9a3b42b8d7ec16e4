"""What a device is sent: nothing but a neutral line, where it leads, and how urgent it is.

Whoever sees the screen may read it. `static/js/core/service_worker.js` shows it.
"""

import json

from forum.core import ids, signed_tokens
from forum.core.translation import languages
from forum.core.web import private_ids

TITLE_MAX = 120


def words(device_id: int, *, title: str, address: str, key: str, urgent: bool) -> bytes:
    """Return a message in the language of this job, for the device that it names."""
    language = languages.current()
    told = {
        "device": private_ids.of(device_id),
        "title": title if len(title) <= TITLE_MAX else f"{title[: TITLE_MAX - 1]}…",
        "lang": language,
        "dir": languages.direction(language),
        "address": address,
        "key": topic(key),
        "urgent": urgent,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def topic(key: str) -> str:
    """Return what names a delivery to a push service, which cannot tell two of them apart."""
    return ids.keyed_digest(f"push {key}", signed_tokens.key())[:32]
