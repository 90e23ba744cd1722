"""Index only the farewells that are still to come."""

import sqlalchemy as sa
from alembic import op

revision = "aad1d698affc"
down_revision = "e9515a274af0"


def upgrade() -> None:
    with op.batch_alter_table("departures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_departures_tell_at"))
        batch_op.create_index(
            "ix_departures_untold",
            ["tell_at"],
            unique=False,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("departures", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_departures_untold", sqlite_where=sa.text("told_at IS NULL"), postgresql_where=sa.text("told_at IS NULL")
        )
        batch_op.create_index(batch_op.f("ix_departures_tell_at"), ["tell_at"], unique=False)
