"""Typed words are forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "4b439adc1cf2"
down_revision = "c1f7a90d52be"


def upgrade() -> None:
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("forget_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_drafts_forget_at"), ["forget_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_forget_at"))
        batch_op.drop_column("forget_at")
