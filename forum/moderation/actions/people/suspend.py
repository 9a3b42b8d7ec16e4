"""Suspending an account for some days."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts import service as accounts
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.translation import lazy
from forum.moderation.actions.action import State, moment
from forum.moderation.actions.role_ranks import ADMINISTRATOR
from forum.moderation.actions.silences_and_suspensions import Restriction
from forum.moderation.actions.targets import Target


class Suspend(Restriction):
    """Let somebody do nothing but manage their account, and appeal."""

    name = "suspend"
    label = lazy("Suspend for a time")
    done = lazy("An account was suspended")
    about = lazy("All they can do is manage their account, and appeal.")
    least = ADMINISTRATOR
    position = 80
    field = "suspension"
    asks = "days"
    on_site = True

    def state(self, session: Session, target: Target) -> State:
        """Return until when and why."""
        row = session.execute(
            select(Account.suspended_until, Account.suspension_reason).where(
                Account.id == target.id
            )
        ).one()
        return {
            "until": row.suspended_until.isoformat() if row.suspended_until else None,
            "because": row.suspension_reason,
        }

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Suspend the account, or lift its suspension."""
        if (until := moment(wanted["until"])) is None:
            accounts.lift_suspension(target.id)
        else:
            accounts.suspend(target.id, until=until, because=wanted["because"])
