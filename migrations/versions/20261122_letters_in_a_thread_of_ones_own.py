"""Letters in a thread of ones own."""

import sqlalchemy as sa
from alembic import op

revision = "9535a53f7920"
down_revision = "cc9eac22722f"


def upgrade() -> None:
    op.create_table(
        "discord_corners",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("space", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("thread", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discord_corners")),
        sa.UniqueConstraint("space", "user", name=op.f("uq_discord_corners_space_user")),
        sa.UniqueConstraint("thread", name=op.f("uq_discord_corners_thread")),
    )


def downgrade() -> None:
    op.drop_table("discord_corners")
