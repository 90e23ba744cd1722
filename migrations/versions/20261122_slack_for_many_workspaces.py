"""Slack for many workspaces."""

import sqlalchemy as sa
from alembic import op

revision = "08d960350cc5"
down_revision = "248a6d479f32"


def upgrade() -> None:
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("bot", sa.String(length=32), nullable=False),
        sa.Column("bot_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("installed_by", sa.String(length=32), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_installations")),
        sa.UniqueConstraint("team", name=op.f("uq_slack_installations_team")),
    )
    op.create_table(
        "slack_states",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_states")),
        sa.UniqueConstraint("digest", name=op.f("uq_slack_states_digest")),
    )
    with op.batch_alter_table("slack_states", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slack_states_ends_at"), ["ends_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("slack_states", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slack_states_ends_at"))

    op.drop_table("slack_states")
    op.drop_table("slack_installations")
