"""A small piece of weaving for each handle, so people are told apart without photographs."""

from functools import lru_cache
from hashlib import blake2b

from markupsafe import Markup

# Mid tones in the order of the colour wheel: each stands out by 3:1 from light and dark paper.
THREADS = (
    "#b4552d",
    "#96690a",
    "#6d7a12",
    "#2f7d3a",
    "#0f7a6e",
    "#2c7a94",
    "#3a6fb5",
    "#5a6ec0",
    "#7d61ab",
    "#a8508a",
    "#c0485a",
    "#a35a4a",
)
GREY = ("#8a8278", "#79726a", "#8a8278")
# The cloth (rows and columns that show the ground between them) and what is worked on it.
CLOTHS = (
    "M0 1h8M0 3h8M0 5h8M0 7h8",  # rows
    "M1 0v8M3 0v8M5 0v8M7 0v8",  # columns
    "M0 1h2M4 1h2M2 3h2M6 3h2M0 5h2M4 5h2M2 7h2M6 7h2",  # checks
    "M-1 3l4-4M-1 7l8-8M1 9l8-8M5 9l4-4",  # diagonal
    "M-1 5l5-5 5 5M-1 9l5-5 5 5",  # peaks
    "M1 1h6v6h-6zM3 4h2",  # border
)
FIGURES = (
    "M4 0v8M0 4h8",  # a large cross
    "M0 0l8 8M8 0l-8 8",  # a large saltire
    "M4 1l3 3-3 3-3-3z",  # a diamond
    "M2 2h4v4h-4z",  # a square
    "M0 4h8",  # a belt
    "M4 0v8",  # a sash
    "M0 8l8-8",  # a bend
    "M2 2h1M5 2h1M2 6h1M5 6h1",  # four knots
)
WIDTHS = ((0.9, 1.5), (0.9, 2.2), (1.2, 1.5), (1.2, 2.2), (1.5, 1.5), (1.5, 2.2))


@lru_cache(maxsize=4096)
def draw_avatar(handle: str | None, size: int = 40) -> Markup:
    """Return an inline SVG, always the same for one handle; without one, a neutral weave."""
    seed = int.from_bytes(
        blake2b((handle or "").casefold().encode(errors="replace"), digest_size=8).digest(), "big"
    )
    ground, cloth, figure = _colours(seed) if handle else GREY
    woven, worked = _patterns(seed >> 16) if handle else (CLOTHS[0], CLOTHS[1])
    fine, broad = WIDTHS[(seed >> 48) % len(WIDTHS)]
    return Markup(  # noqa: S704 - numbers and our own colours only
        f'<svg class="avatar" width="{size:d}" height="{size:d}" viewBox="0 0 8 8"'
        f' fill="none" stroke-width="{fine}" aria-hidden="true"><path fill="{ground}" opacity=".35"'
        f' d="M0 0h8v8H0z"/><path stroke="{cloth}" d="{woven}"/>'
        f'<path stroke="{figure}" stroke-width="{broad}" d="{worked}"/></svg>'
    )


def _colours(seed: int) -> tuple[str, str, str]:
    """Return colours of the ground, the cloth and the figure, well apart on the wheel."""
    around = len(THREADS)
    first = seed % around
    second = first + 3 + seed // around % 3
    third = second + 3 + seed // around // 3 % 3
    return THREADS[first], THREADS[second % around], THREADS[third % around]


def _patterns(seed: int) -> tuple[str, str]:
    """Return how the cloth is woven and which figure is worked on it."""
    return CLOTHS[seed % len(CLOTHS)], FIGURES[seed // len(CLOTHS) % len(FIGURES)]
