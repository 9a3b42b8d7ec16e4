"""Fragments rendered once for everyone, and kept by (language, id, version, handle); rule 5."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from markupsafe import Markup

from forum.core.translation import current


class FragmentCache:
    """The latest fragments of one kind of thing.

    `contents` returns rows with id, version and author for some ids; `render` makes a row's HTML.
    The caller has checked who may see: a fragment is for nobody in particular.
    """

    def __init__(
        self,
        most: int,
        contents: Callable[[Collection[int]], Iterable[Any]],
        render: Callable[[Any], Markup],
    ) -> None:
        self._most, self._contents, self._render = most, contents, render
        self._kept: OrderedDict[tuple[str, int, int, str | None], Markup] = OrderedDict()

    def of(self, places: Iterable[Any]) -> dict[int, Markup]:
        """Return the fragment of each place that still has contents; places have id, version
        and handle.
        """
        language = current()
        keys = {place.id: (language, place.id, place.version, place.handle) for place in places}
        missing = [its_id for its_id, key in keys.items() if key not in self._kept]
        fresh = {row.id: self._make(row) for row in self._contents(missing)} if missing else {}
        found = {
            its_id: self._kept.get(key) or fresh[its_id]
            for its_id, key in keys.items()
            if key in self._kept or its_id in fresh
        }
        self._let_go()
        return found

    def now(self, its_id: int) -> tuple[Any, Markup]:
        """Return one thing's contents as they are now, and its fragment."""
        (row,) = self._contents([its_id])
        return row, self.of_row(row)

    def of_row(self, row: Any) -> Markup:
        """Return the fragment of contents that have just been read."""
        fragment = self._kept.get((current(), row.id, row.version, row.author)) or self._make(row)
        self._let_go()
        return fragment

    def kept(self, its_id: int, version: int, handle: str) -> Markup | None:
        """Return the fragment of one thing at a version, if it was made before."""
        return self._kept.get((current(), its_id, version, handle))

    def clear(self) -> None:
        """Keep none of them any longer."""
        self._kept.clear()

    def _make(self, row: Any) -> Markup:
        fragment = self._render(row)
        self._kept[current(), row.id, row.version, row.author] = fragment
        return fragment

    def _let_go(self) -> None:
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
