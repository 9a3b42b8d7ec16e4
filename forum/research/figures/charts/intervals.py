"""What a share may be by chance, computed from published values, so it reveals nothing more."""

from math import sqrt

from forum.core.translation import _, formats

NORMAL_95 = 1.959964


def share_interval(share: float, people: float) -> tuple[float, float]:
    """Return the 95% interval of a share of so many people (Wilson 1927), to a hundredth."""
    z2 = NORMAL_95**2
    middle = share + z2 / (2 * people)
    apart = NORMAL_95 * sqrt(share * (1 - share) / people + z2 / (4 * people**2))
    low, high = ((middle + side * apart) / (1 + z2 / people) for side in (-1, 1))
    return round(max(0.0, low), 2), round(min(1.0, high), 2)


def survival_interval(survival: float, at_risk: int) -> tuple[float, float]:
    """Return the 95% interval of a share that survives, with so many at risk at that time.

    As many people as would leave so many at risk are behind it (Peto and others 1977), which is
    fewer than there were at the beginning, so it is too wide rather than too narrow.
    """
    return share_interval(survival, at_risk / survival) if survival else (0.0, 1.0)


def in_words(interval: tuple[float, float] | None) -> str:
    """Return what an interval looks like in a table."""
    if interval is None:
        return _("hidden")
    low, high = map(formats.percent, interval)
    return _("%(low)s to %(high)s", low=low, high=high)
