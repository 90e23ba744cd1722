"""Rooms hang below a channel."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "cc9eac22722f"
down_revision = "8ea550ecbdfc"


def upgrade() -> None:
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("lacks", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False, server_default="[]")
        )
        batch_op.alter_column("lacks", server_default=None)

    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hangs_rooms", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.alter_column("hangs_rooms", server_default=None)
        batch_op.add_column(
            sa.Column("rooms_channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.drop_column("rooms_channel_id")
        batch_op.drop_column("hangs_rooms")

    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.drop_column("lacks")
