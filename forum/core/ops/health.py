"""How the forum is: /healthz, /readyz and /metrics, and one log line for each request."""

import hmac
import ipaddress
import time

import structlog
from flask import Flask, Response, current_app, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST
from redis import Redis, RedisError

from forum.core import metrics
from forum.core.background import periodic
from forum.core.errors import NotFound
from forum.core.ops import readiness
from forum.core.web import proxies
from forum.settings.environment import Settings

REDIS_PATIENCE_S = 0.5
DISK_EVERY_S = 300.0
SLOW_S = 1.0
FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via")
log = structlog.get_logger()


def init(app: Flask) -> None:
    """Add the pages, and measure every request from here on."""
    settings = app.extensions["forum.settings.environment"]
    app.extensions["forum.readiness"] = readiness.Readiness(settings)
    periodic.every(DISK_EVERY_S, "disk", lambda: readiness.warn_of_disk(settings))
    app.before_request(_start)
    app.after_request(_measure)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", exposition)


def healthz() -> Response:
    """Answer that the process is alive."""
    return jsonify(ok=True)


def readyz() -> Response:
    """Answer 200 if the forum can do its work, else 503; Redis is reported, and not needed."""
    database, disk = current_app.extensions["forum.readiness"].look()
    ready = readiness.is_ready(database, disk)
    answer = jsonify(ok=ready, database=database, disk=disk, redis=_redis(), **proxies.warning())
    answer.status_code = 200 if ready else 503
    return answer


def exposition() -> Response:
    """Show the metrics to this machine, or to a client with the token; nobody else sees them."""
    if not may_see_metrics(current_app.extensions["forum.settings.environment"]):
        raise NotFound
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


def may_see_metrics(settings: Settings) -> bool:
    """Whether this request bears the token, or comes straight from this machine.

    Behind a proxy everybody seems to come from this machine; there only the token counts.
    """
    token = f"Bearer {settings.metrics_token}".encode()
    given = request.headers.get("Authorization", "").encode()
    if settings.metrics_token and hmac.compare_digest(token, given):
        return True
    passed_on = any(name.lower().startswith(FORWARDED) for name, _ in request.headers)
    return not (settings.proxies or passed_on) and _is_loopback(
        request.environ.get("REMOTE_ADDR", "")
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _redis() -> str:
    url = current_app.extensions["forum.settings.environment"].redis_url
    if not url:
        return "not used"
    try:
        patience = {"socket_timeout": REDIS_PATIENCE_S, "socket_connect_timeout": REDIS_PATIENCE_S}
        with Redis.from_url(url, **patience) as redis:
            redis.ping()
    except RedisError:
        return "unreachable"
    return "ok"


def _start() -> None:
    g.started = time.perf_counter()


def _measure(answer: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "(none)"
    method = request.method if request.url_rule else "(any)"
    metrics.requests.labels(method, route, answer.status_code).inc()
    metrics.request_seconds.labels(route).observe(seconds)
    # A line for what an operator would look at; how many and how fast is in the metrics.
    notable = answer.status_code >= 500 or seconds >= SLOW_S
    (log.info if notable else log.debug)(
        "request",
        method=method,
        route=route,
        status=answer.status_code,
        ms=round(seconds * 1000, 1),
    )
    return answer
