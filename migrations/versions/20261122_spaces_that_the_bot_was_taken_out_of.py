"""Spaces that the bot was taken out of."""

import sqlalchemy as sa
from alembic import op

revision = "a6055a6eee2b"
down_revision = "9535a53f7920"


def upgrade() -> None:
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.drop_column("left_at")
