"""The only place that asks what time it is."""

from datetime import UTC, datetime

EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Return the current moment, in UTC, to the microsecond."""
    return datetime.now(UTC)
