"""Notification types have the names of what they are about: actions, approvals, appeals, care

Revision: 0046, after 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NAMES = {
    "act": "moderation_action",
    "objection": "appeal_answered",
    "objection_waits": "appeal_waiting",
    "proposal_waits": "approval_needed",
    "proposal_done": "action_approved",
    "proposal_declined": "action_declined",
    "proposal_lapsed": "action_lapsed",
    "care_note": "care_message",
    "care_answer": "care_message_answered",
}
_RENAME = sa.text("UPDATE notifications SET kind = :new WHERE kind = :old")


def upgrade() -> None:
    for old, new in NAMES.items():
        op.execute(_RENAME.bindparams(old=old, new=new))


def downgrade() -> None:
    for old, new in NAMES.items():
        op.execute(_RENAME.bindparams(old=new, new=old))
