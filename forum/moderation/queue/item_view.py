"""An item of the queue, as one viewer meets it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.moderation.crisis_calls.queries import PersonThere
from forum.moderation.queue_items import policy


@dataclass(frozen=True)
class ItemView:
    """An item as one viewer meets it; `urgency` is as of `now`."""

    id: int
    kind: str
    target_kind: str
    target_id: int
    group_id: int | None
    group_slug: str | None
    group_name: str | None
    about_id: int | None
    about: str | None
    urgency: int
    distressing: bool
    reports: int
    reasons: tuple[str, ...]
    version: int
    opened_at: datetime
    claimed_by_id: int | None
    claimed_by: str | None
    claimed_at: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None
    outcome: str
    handover_note: str
    on_call_now: bool
    there: tuple[PersonThere, ...]
    viewer_is_there: bool
    is_mine: bool
    now: datetime

    @property
    def is_open(self) -> bool:
        """Whether it still wants somebody."""
        return self.resolved_at is None

    @property
    def claimed_by_other(self) -> bool:
        """Whether somebody else has it, and the viewer cannot act on it."""
        if self.claimed_at is None or self.claimed_by_id is None or self.is_mine:
            return False
        return self.claimed_at > self.now - policy.CLAIM_HOLDS

    @property
    def claim_is_stale(self) -> bool:
        """Whether somebody's claim is so old that another may take it over."""
        return self.claimed_by_id is not None and not self.is_mine and not self.claimed_by_other

    @property
    def waited(self) -> timedelta:
        """How long it has been there, until now or until it was resolved."""
        return (self.resolved_at or self.now) - self.opened_at

    @property
    def is_crisis(self) -> bool:
        """Whether somebody may be in danger."""
        return self.urgency == policy.CRISIS

    @property
    def is_attended(self) -> bool:
        """Whether somebody has it, or has said that they are there."""
        return self.claimed_by_id is not None or bool(self.there)

    @property
    def due_in(self) -> timedelta | None:
        """What is left of the 15 minutes in which a crisis is seen to while somebody is on duty."""
        if not self.is_crisis or not self.on_call_now or self.is_attended:
            return None
        return policy.CRISIS_TARGET - self.waited
