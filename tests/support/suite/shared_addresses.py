"""The addresses of the forum, read once in a process for all forums that its tests make.

Reading them was half of what a forum costs. Each forum has its own views, hooks and map; maps of
the very same rules share what was read of them.
"""

from typing import Any

from flask import Flask
from werkzeug.routing import Map, Rule
from werkzeug.routing.rules import RuleFactory

_rules: dict[str, Rule] = {}
_read: dict[tuple[int, ...], Map] = {}


def use() -> None:
    """Let all forums of this process share their addresses."""
    Flask.url_rule_class = staticmethod(_rule)  # type: ignore[assignment]
    Flask.url_map_class = SharedMap


def _rule(address: str, *, methods: set[str], **options: Any) -> Rule:
    """Return the rule that another forum has, where it has the same."""
    key = repr((address, sorted(methods), sorted(options.items())))
    if key not in _rules:
        _rules[key] = Rule(address, methods=methods, **options)
    return _rules[key]


class SharedMap(Map):
    """Reads its rules when somebody asks for one, unless a map of the same rules has done so."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._given: list[Rule] = []
        super().__init__(*args, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        """Note a rule; nothing is read yet."""
        self._given += rulefactory.get_rules(self)
        self._remap = True

    def update(self) -> None:
        """Read what was noted, or take it as it was read."""
        if self._remap:
            same = tuple(map(id, self._given))
            if same not in _read:
                _read[same] = self._read_all()
            self._matcher = _read[same]._matcher
            self._rules_by_endpoint = _read[same]._rules_by_endpoint
            self._remap = False

    def _read_all(self) -> Map:
        ordinary = Map(converters=self.converters, host_matching=self.host_matching)
        for rule in self._given:
            rule.bind(ordinary, rebind=True)
            ordinary._matcher.add(rule)
            ordinary._rules_by_endpoint.setdefault(rule.endpoint, []).append(rule)
        ordinary.update()
        return ordinary
