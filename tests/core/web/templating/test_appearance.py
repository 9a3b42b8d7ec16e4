"""How pages look is chosen without an account or a script, and each choice leaves the others."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core.web.templating.appearance import CHOICES, Appearance

EVERY_VALUE = [(name, value) for name, choice in CHOICES.items() for value in choice.options]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def test_colours_are_kept_without_an_account(client: FlaskClient) -> None:
    assert 'data-color-scheme="auto"' in client.get("/help-now").text
    answer = client.post(
        "/appearance", data={"color_scheme": "dark", "back": "/help-now?country=GB"}
    )
    assert (answer.status_code, answer.location) == (303, "/help-now?country=GB")
    page = client.get("/help-now").text
    assert 'data-color-scheme="dark"' in page
    assert 'dark.css" media="screen">' in page
    client.post("/appearance", data={"color_scheme": "light"})
    assert "dark.css" not in client.get("/help-now").text
    assert client.post("/appearance", data={"color_scheme": "neon"}).status_code == 422


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://x.example", "/\n/"])
def test_colours_lead_nowhere_else(client: FlaskClient, back: str) -> None:
    assert client.post("/appearance", data={"color_scheme": "dark", "back": back}).location == "/"


@pytest.mark.parametrize(("name", "value"), EVERY_VALUE)
def test_every_value_can_be_chosen_and_is_said(client: FlaskClient, name: str, value: str) -> None:
    answer = client.post(
        "/appearance", data={name: value}, headers={"Accept": "application/json"}
    ).get_json()
    assert answer == {name: value, "said": str(CHOICES[name].options[value].said)}
    page = client.get("/help-now").text
    assert f'data-{name.replace("_", "-")}="{value}"' in page
    assert f'name="{name}" value="{value}" aria-pressed="true"' in page


def test_one_choice_leaves_the_others(client: FlaskClient) -> None:
    for name, value in (("color_scheme", "dark"), ("text_size", "large"), ("line_length", "long")):
        client.post("/appearance", data={name: value})
    client.post("/appearance", data={"text_size": "largest"})
    frame = 'data-color-scheme="dark" data-text-size="largest" data-line-length="long"'
    assert frame in client.get("/help-now").text


def test_no_two_choices_have_a_value_in_common() -> None:
    assert len({value for _name, value in EVERY_VALUE}) == len(EVERY_VALUE)
    assert set(zip(Appearance._fields, Appearance(), strict=True)) <= set(EVERY_VALUE)


@pytest.mark.parametrize(
    ("cookie", "colours", "size"),
    [
        ("dark", "dark", "normal"),  # as it was written when there were only colours
        ("large", "auto", "large"),
        ("dark.huge.medium", "dark", "normal"),
        ("", "auto", "normal"),
        ("<b>.dark", "dark", "normal"),
        ("." * 500 + "dark", "auto", "normal"),
    ],
)
def test_what_a_cookie_cannot_mean_is_passed_over(
    client: FlaskClient, cookie: str, colours: str, size: str
) -> None:
    client.set_cookie("appearance", cookie)
    page = client.get("/help-now").text
    assert f'data-color-scheme="{colours}" data-text-size="{size}"' in page


@pytest.mark.parametrize("form", [{}, {"text_size": "huge"}, {"line_length": ""}, {"nothing": "x"}])
def test_nonsense_is_refused(client: FlaskClient, form: dict[str, str]) -> None:
    assert client.post("/appearance", data=form).status_code == 422
    assert 'text-size="normal"' in client.get("/help-now").text
