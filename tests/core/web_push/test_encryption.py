"""Encrypting and signing: the examples of the standards, and what another library makes of ours."""

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from py_vapid import Vapid02

from forum.core.web_push import vapid
from forum.core.web_push.encryption import (
    PLAIN_BYTES,
    BadKeys,
    check_keys,
    encrypt,
    public_bytes,
)
from tests.support.servers.push_services import KEY, Browser

# RFC 8291, section 5.
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SALT, AUTH = "DGv6ra1nlYgDCS1FRnbzlw", "BTBZMqHH6r4Tts7J_aSIgg"
ENCRYPTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def _bytes(letters: str) -> bytes:
    return base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))


def test_the_example_of_the_standard() -> None:
    own = ec.derive_private_key(int.from_bytes(_bytes(SENDER), "big"), ec.SECP256R1())
    made = encrypt(PLAIN, READER, AUTH, own=own, salt=_bytes(SALT), padded_to=len(PLAIN))
    assert made == _bytes(ENCRYPTED)


@given(st.binary(max_size=PLAIN_BYTES))
def test_whatever_is_sent_is_read_by_its_device_and_always_as_long(words: bytes) -> None:
    browser = Browser("https://push.example.org/1")
    made = encrypt(words, browser.subscription["p256dh"], browser.subscription["auth"])
    read = http_ece.decrypt(
        made, private_key=browser.own, auth_secret=browser.secret, version="aes128gcm"
    )
    assert read == words
    assert len(made) == len(encrypt(b"", *list(browser.subscription.values())[1:]))
    assert len(made) < 4096


def test_no_other_device_reads_it() -> None:
    browser, other = (Browser("https://push.example.org/1") for _ in range(2))
    made = encrypt(b'{"a": 1}', browser.subscription["p256dh"], browser.subscription["auth"])
    with pytest.raises(http_ece.ECEException):
        other.read(made)


def test_too_many_words_are_refused() -> None:
    browser = Browser("https://push.example.org/1").subscription
    with pytest.raises(ValueError, match="too long"):
        encrypt(bytes(PLAIN_BYTES + 1), browser["p256dh"], browser["auth"])


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH),
        (READER, ""),
        (READER[:-4], AUTH),
        (READER, AUTH + "AAAA"),
        ("not letters of base64", AUTH),
        ("ü" * 87, AUTH),
        ("BA" + "A" * 85, AUTH),  # no point of the curve
    ],
)
def test_what_is_no_key_is_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BadKeys):
        check_keys(p256dh, auth)
    check_keys(READER, AUTH)


def test_another_library_believes_the_signature() -> None:
    header = vapid.authorization(KEY, "https://push.example.org", "https://forum.example.org")
    assert Vapid02.verify(header)
    token = header.partition("t=")[2].partition(",")[0]
    claims = json.loads(_bytes(token.split(".")[1]))
    assert claims["aud"] == "https://push.example.org"
    assert claims["sub"] == "https://forum.example.org"
    forged = header.replace(token.split(".")[1], token.split(".")[1][:-2] + "AA")
    assert not Vapid02.verify(forged)
    own = ec.derive_private_key(1, ec.SECP256R1())
    assert vapid.public_key(KEY) == header.partition("k=")[2]
    assert _bytes(vapid.public_key(KEY)) == public_bytes(own)
