"""Users who roam between spaces."""

import sqlalchemy as sa
from alembic import op

revision = "5917f1412d4b"
down_revision = "a6055a6eee2b"


def upgrade() -> None:
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roams", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.alter_column("roams", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.drop_column("roams")
