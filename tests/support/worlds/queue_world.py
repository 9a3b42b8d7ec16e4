"""A group with everybody whom the queue concerns, for its tests."""

from dataclasses import dataclass, field
from typing import Any

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue.item_view import ItemView
from forum.moderation.reports import service as reports
from forum.notifications import queries as notifications
from forum.safety.events import PostCrisisDetected
from tests.support import factories as make
from tests.support.worlds import copied_worlds


@dataclass
class QueueWorld:
    """Author and reporters are members; `elsewhere` moderates another group."""

    group: int = 0
    people: dict[str, Viewer] = field(default_factory=dict)
    post: int = 0
    thread: int = 0

    def __post_init__(self) -> None:
        vars(self).update(copied_worlds.world("queueroom", self._made))

    def _made(self) -> dict[str, Any]:
        self.group = make.group()
        places = {
            "author": "member",
            "reporter": "member",
            "other": "member",
            "facilitator": "facilitator",
            "moderator": "moderator",
            "second": "moderator",
        }
        for name, role in places.items():
            self.people[name] = make.join(make.person(f"{name}one"), self.group, role)
        self.people["elsewhere"] = make.join(make.person("elsewhereone"), make.group(), "moderator")
        self.people["outsider"] = make.person("outsiderone")
        self.people["administrator"] = make.administrator("administratorone")
        self.thread = make.thread(self["second"], self.group).thread_id
        self.post = make.post(self["author"], self.thread, body="Sharp words").id
        return vars(self)

    def __getitem__(self, name: str) -> Viewer:
        return self.people[name]

    def report(
        self, by: str = "reporter", reason: str = "unkind", words: str = "", post: int = 0
    ) -> int:
        """Report the post, and return the report's id."""
        return reports.report(self[by], "post", post or self.post, reason=reason, words=words)

    def reported(self, by: str = "moderator") -> ItemView:
        """Return the item of reports as somebody meets it."""
        return next(one for one in queue_queries.open_items(self[by]) if one.kind == "report")

    def kinds(self, by: str) -> list[str]:
        """Return what kinds of entries somebody sees waiting."""
        return [item.kind for item in queue_queries.open_items(self[by])]

    def risk(self) -> PostCrisisDetected:
        """Return what is announced when the post seems to speak of danger to its author."""
        author_id = self["author"].id or 0
        return PostCrisisDetected(
            self.post, self.thread, self.group, author_id, "self_harm", clock.now()
        )

    def alerted(self) -> set[str]:
        """Return the names of those whose list says that somebody may be in danger."""
        return {
            name
            for name, viewer in self.people.items()
            if any("may be in danger" in line.about for line in notifications.lines(viewer))
        }
