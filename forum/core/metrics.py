"""What is counted about the running forum, for Prometheus; never about anyone in it."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

requests = Counter(
    "forum_requests", "Requests answered, by route and status", ["method", "route", "status"]
)
request_seconds = Histogram(
    "forum_request_seconds",
    "Time to answer, by route",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
posts = Counter("forum_posts_created", "Posts written")
sockets = Gauge("forum_sockets", "Browsers connected live", multiprocess_mode="livesum")
deliveries = Counter(
    "forum_deliveries",
    "Notifications handed to a channel outside the forum, by what came of it",
    ["channel", "outcome"],
)
last_backup = Gauge(
    "forum_last_backup_timestamp_seconds",
    "When the newest of the backups that the server makes was made; 0 before the first",
    multiprocess_mode="max",
)
consequence_failures = Counter(
    "forum_consequence_failures", "Consequences of an event that failed", ["event"]
)


def post_created(_event: object) -> None:
    """Count a post, as `forum.wiring` asks."""
    posts.inc()


def exposition() -> bytes:
    """Return everything counted, by all processes when there are several, as Prometheus text."""
    together = CollectorRegistry()
    try:
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    except ValueError:  # no folder to share counts in: this process is the only one
        return generate_latest(REGISTRY)
    return generate_latest(together)
