"""Questionnaires of studies: what is chosen, what people answer, what they are sent

Nobody who agreed before is asked to answer any.

Revision: 0069, after 0068
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

TABLES = (
    "study_instruments",
    "wave_plans",
    "waves",
    "wave_responses",
    "item_responses",
    "instrument_scores",
    "wave_prompts",
)
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("consents") as change:
        change.add_column(
            sa.Column("answer", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _create_plans()
    _create_responses()
    op.create_table(
        "wave_prompts",
        sa.Column("id", sa.Integer(), nullable=False),
        _participant(),
        _wave(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _goes_with("participant", "participants.key", "wave_prompts"),
        _goes_with("wave_id", "waves.id", "wave_prompts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave_prompts")),
        sa.UniqueConstraint(
            "participant",
            "wave_id",
            "kind",
            "ordinal",
            name=op.f("uq_wave_prompts_participant_wave_id_kind_ordinal"),
        ),
    )
    op.create_index(op.f("ix_wave_prompts_wave_id"), "wave_prompts", ["wave_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table("consents") as change:
        change.drop_column("answer")


def _create_plans() -> None:
    op.create_table(
        "study_instruments",
        _study(),
        sa.Column("instrument_id", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("is_baseline_only", sa.Boolean(), nullable=False, server_default=sa.false()),
        _goes_with("study_id", "studies.id", "study_instruments"),
        sa.PrimaryKeyConstraint("study_id", "instrument_id", name=op.f("pk_study_instruments")),
        sa.UniqueConstraint("study_id", "place", name=op.f("uq_study_instruments_study_id_place")),
    )
    op.create_table(
        "wave_plans",
        _study(),
        sa.Column("danger_watch", sa.String(300), nullable=False),
        _goes_with("study_id", "studies.id", "wave_plans"),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_wave_plans")),
    )
    op.create_table(
        "waves",
        sa.Column("id", sa.Integer(), nullable=False),
        _study(),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("opens_before_days", sa.Integer(), nullable=False),
        sa.Column("closes_after_days", sa.Integer(), nullable=False),
        _goes_with("study_id", "studies.id", "waves"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waves")),
        sa.UniqueConstraint("study_id", "ordinal", name=op.f("uq_waves_study_id_ordinal")),
    )


def _create_responses() -> None:
    op.create_table(
        "wave_responses",
        sa.Column("id", sa.Integer(), nullable=False),
        _wave(),
        _participant(),
        sa.Column("day0", _MOMENT, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        *(
            sa.Column(name, _MOMENT)
            for name in ("started_at", "saved_at", "completed_at", "snoozed_until", "danger_at")
        ),
        sa.CheckConstraint(
            "state in ('open', 'completed', 'declined')", name=op.f("ck_wave_responses_state")
        ),
        _goes_with("wave_id", "waves.id", "wave_responses"),
        _goes_with("participant", "participants.key", "wave_responses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave_responses")),
        sa.UniqueConstraint(
            "wave_id", "participant", name=op.f("uq_wave_responses_wave_id_participant")
        ),
    )
    op.create_index(op.f("ix_wave_responses_participant"), "wave_responses", ["participant"])
    op.create_table(
        "item_responses",
        sa.Column("wave_response_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.String(40), nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("value", sa.Integer()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("saved_at", _MOMENT),
        sa.CheckConstraint(
            "status in ('answered', 'declined', 'not_reached')",
            name=op.f("ck_item_responses_status"),
        ),
        _goes_with("wave_response_id", "wave_responses.id", "item_responses"),
        sa.PrimaryKeyConstraint(
            "wave_response_id", "instrument_id", "item_id", name=op.f("pk_item_responses")
        ),
    )
    op.create_table(
        "instrument_scores",
        sa.Column("wave_response_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("value", sa.Double()),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("is_prorated", sa.Boolean(), nullable=False),
        sa.Column("subscales", sa.JSON(), nullable=False),
        _goes_with("wave_response_id", "wave_responses.id", "instrument_scores"),
        sa.PrimaryKeyConstraint(
            "wave_response_id", "instrument_id", name=op.f("pk_instrument_scores")
        ),
    )


def _study() -> sa.Column[int]:
    return sa.Column("study_id", sa.Integer(), nullable=False)


def _wave() -> sa.Column[int]:
    return sa.Column("wave_id", sa.Integer(), nullable=False)


def _participant() -> sa.Column[int]:
    return sa.Column("participant", sa.BigInteger(), nullable=False)


def _goes_with(column: str, target: str, table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.partition('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=op.f(name), ondelete="CASCADE")
