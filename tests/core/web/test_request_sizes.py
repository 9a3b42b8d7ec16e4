"""What is too long is refused before anything is read from it or computed with it."""

import time
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestEntityTooLarge

from forum.accounts.login import passwords
from forum.core.web import request_sizes
from tests.support import factories as make
from tests.support.worlds.account_forms import JSON, PASSWORD, code_of, post_form, register_member

# Canonical ordering of such a run takes time with the square of its length.
MARKS = "a" + "\u0301\u0323" * 30_000


class Unread(BytesIO):
    """A body that nobody may begin to read."""

    def read(self, _size: int | None = -1) -> bytes:
        raise AssertionError("read")


def test_a_body_is_measured_before_it_is_read(client: FlaskClient) -> None:
    answer = client.post(
        "/login",
        headers=JSON,
        environ_overrides={
            "wsgi.input": Unread(),
            "CONTENT_LENGTH": str(request_sizes.BODY + 1),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
        },
    )
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


@pytest.mark.parametrize(
    "path",
    ["/login", "/register", "/recover", "/forgot", "/appearance", "/nowhere", "/posts/1/reactions"],
)
def test_only_routes_for_words_take_long_ones(client: FlaskClient, path: str) -> None:
    assert client.post(path, data={"password": "x" * request_sizes.BODY}).status_code == 413


def test_the_longest_post_of_the_longest_letters_is_taken(app: Flask) -> None:
    group = make.group(slug="here")
    client = app.test_client()
    make.log_in(client, make.join(make.person(), group))
    answer = post_form(
        client,
        "/groups/here/threads/new",
        as_json=True,
        title="A title",
        body="🙂" * 20_000,
        idempotency_key="1",
    )
    assert answer.status_code == 201, answer.text
    longer = post_form(
        client,
        "/groups/here/threads/new",
        as_json=True,
        title="A title",
        body="🙂" * 21_000,
        idempotency_key="2",
    )
    assert longer.status_code == 422


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("fields", ["a{}", "", "a{}=", "=", "a=b;{}"])
def test_a_form_has_no_more_fields_than_it_may(client: FlaskClient, kind: str, fields: str) -> None:
    def status(most: int) -> int:
        each = [fields.format(number) for number in range(most)]
        body = "&".join(each)
        if kind.startswith("multipart"):
            part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n\r\n'
            body = "".join(part.format(one.strip("=")) for one in each) + "--x--\r\n"
        content_type = f"{kind}; boundary=x"
        return client.post("/login", data=body, content_type=content_type).status_code

    assert status(request_sizes.FIELDS) != 413
    assert status(request_sizes.FIELDS + 1) == 413


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"query_string": "q=" + "x" * 5_000}, 414),
        ({"headers": {"Accept-Language": "en," * 4_000}}, 431),
        ({"headers": {"Authorization": "x" * 9_000}}, 431),
    ],
)
def test_addresses_and_headers_have_an_end(
    client: FlaskClient, more: dict[str, Any], status: int
) -> None:
    assert client.get("/groups", **more).status_code == status


@pytest.mark.parametrize(
    "long",
    [
        {"HTTP_ACCEPT": "a/b," * 200_000},
        {"HTTP_COOKIE": "a=b;" * 200_000},
        {"HTTP_ACCEPT_ENCODING": "a," * 400_000},
        {"HTTP_X_FORWARDED_FOR": "1," * 400_000},
        {f"HTTP_X_{number}": "a" * 8_000 for number in range(95)},
    ],
    ids=lambda long: next(iter(long)),
)
@pytest.mark.parametrize("path", ["/groups", "/nowhere", "/socket.io/?EIO=4&transport=polling"])
def test_headers_are_measured_before_they_are_parsed(
    app: Flask, path: str, long: dict[str, str]
) -> None:
    client = app.test_client(use_cookies=False)

    def seconds(headers: dict[str, str]) -> float:
        began = time.process_time()
        answer = client.get(path, environ_overrides=headers)
        assert path.startswith("/socket.io") or not headers or answer.status_code == 431
        return time.process_time() - began

    seconds({})
    assert seconds(long) < 3 * seconds({}) + 0.02


def test_many_short_headers_and_one_long_cookie_are_taken(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": "a=" + "b" * 8_000, **{f"X-{number}": "a" * 200 for number in range(60)}}
    assert client.get("/groups", headers=headers).status_code == 200


@pytest.mark.parametrize("field", ["handle", "password", "email", "code", "current", "new"])
@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/register",
        "/recover",
        "/forgot",
        "/account/password",
        "/account/handle",
        "/account/email",
    ],
)
def test_no_field_is_worked_on_for_longer_than_it_takes_to_read(
    app: Flask, path: str, field: str
) -> None:
    fern = register_member("fern")
    client = app.test_client()
    if path.startswith("/account"):
        make.log_in(client, fern)
    ordinary: dict[str, Any] = {"handle": "heron", "password": PASSWORD, "email": "a@example.org"}

    def seconds(value: str) -> float:
        began = time.process_time()
        post_form(client, path, **{**ordinary, field: value})
        return time.process_time() - began

    seconds("warm")
    usual = seconds("usual") + 0.02
    assert seconds(MARKS[:5_000]) < 20 * usual
    assert seconds(MARKS) < 20 * usual


@pytest.mark.parametrize("password", [MARKS, "x" * 200_000, "é" * 600, "p4$$w0rd!|" * 12])
def test_a_password_is_measured_before_it_is_normalised(password: str) -> None:
    began = time.process_time()
    passwords.matches(None, PASSWORD)
    usual = time.process_time() - began
    began = time.process_time()
    assert not passwords.matches(passwords.hashed(PASSWORD), password)
    assert time.process_time() - began < 20 * usual + 0.05


@pytest.mark.parametrize(
    ("value", "fit"),
    [
        ("x" * 40, True),
        ("x" * 41, False),
        ("🙂" * 10, True),
        ("🙂" * 11, False),
        ("\ud800" * 13, True),
    ],
)
def test_fits(value: str, fit: bool) -> None:
    assert request_sizes.fits(value, 10) is fit


def test_long_fields_come_only_as_files_do(app: Flask) -> None:
    words = "x" * request_sizes.LONG_WORDS
    with app.test_request_context("/", method="POST", data={"password": words}):
        request.max_content_length = 2 * request_sizes.LONG_WORDS
        with pytest.raises(RequestEntityTooLarge):
            request.form.get("password")
    with_file = {"agreement": (BytesIO(words.encode()), "agreement.pdf")}
    with app.test_request_context("/", method="POST", data=with_file):
        request.max_content_length = 2 * request_sizes.LONG_WORDS
        assert len(request.files["agreement"].read()) == len(words)
