"""How the forum says how it is, and to whom."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from forum import migrations
from forum.core import db
from forum.settings.environment import Settings

AWAY = {"REMOTE_ADDR": "203.0.113.9"}
TOKEN = "a token of the operator"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, metrics_token=TOKEN)


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"ok": True}
    answer = client.get("/readyz")
    assert answer.get_json() == {
        "ok": True,
        "database": "ok",
        "disk": "ok",
        "redis": "not used",
    }


def test_not_ready_before_the_newest_schema(app: Flask, client: FlaskClient) -> None:
    newest = migrations.newest()
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    answer = client.get("/readyz")
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": newest})
    assert (answer.status_code, answer.get_json()["database"]) == (503, "not migrated")


def test_metrics_count_requests_by_route(client: FlaskClient) -> None:
    client.get("/healthz?secret=walnut")
    client.get("/walnut")
    shown = client.get("/metrics").text
    assert 'forum_requests_total{method="GET",route="/healthz",status="200"}' in shown
    assert 'route="(none)",status="404"' in shown
    assert "walnut" not in shown


@pytest.mark.parametrize(
    ("headers", "environ", "status"),
    [
        ({}, {}, 200),
        ({}, {"REMOTE_ADDR": "::1"}, 200),
        ({}, AWAY, 404),
        ({"X-Forwarded-For": "127.0.0.1"}, AWAY, 404),
        ({"X-Forwarded-For": "203.0.113.9"}, {}, 404),
        ({"X-Forwarded-Host": "forum.example.org"}, {}, 404),
        ({"X-Forwarded-Proto": "https"}, {}, 404),
        ({"Authorization": "Bearer wrong"}, AWAY, 404),
        ({"Authorization": f"Bearer {TOKEN}"}, AWAY, 200),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(
    client: FlaskClient, headers: dict[str, str], environ: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", headers=headers, environ_overrides=environ)
    assert answer.status_code == status


def test_behind_a_proxy_only_the_token_counts(app: Flask, settings: Settings) -> None:
    app.extensions["forum.settings.environment"] = replace(settings, proxies=1)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)  # type: ignore[method-assign]
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
