"""How a measure is put into a release: in which bands, and of what weight.

A file in `definitions/` gives its measure `bands` for microdata and aggregates, `period_bands` for
panels; aggregates sum what `is_summed`. A measure of a whole study is in every aggregate release.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bands:
    """How finely microdata and aggregates tell a measure of one person.

    Both are the first values of their bands; every cut of `broad` is one of `fine`, too. `weight`
    is how much the order of people by it matters beside its information. `is_hidden` is what only
    the forum knows, `is_noisy` whether aggregates with noise count people by it, and `is_dose`
    whether microdata tell it where nobody asks for other columns.
    """

    fine: tuple[int, ...]
    broad: tuple[int, ...]
    weight: float = 0.0
    is_hidden: bool = False
    is_noisy: bool = False
    is_dose: bool = False


@dataclass(frozen=True)
class PeriodBands:
    """How finely a panel tells a measure of four weeks; all its periods count `share` together."""

    fine: tuple[int, ...]
    broad: tuple[int, ...]
    share: float
