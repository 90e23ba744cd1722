"""A mail address belongs to one person of a community."""

import sqlalchemy as sa
from alembic import op

revision = "74585ad75606"
down_revision = "4abcec8b4e62"


def upgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(
            "uq_people_community_mail",
            ["community_id", "mail"],
            unique=True,
            sqlite_where=sa.text("mail != ''"),
            postgresql_where=sa.text("mail != ''"),
        )


def downgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_people_community_mail", sqlite_where=sa.text("mail != ''"), postgresql_where=sa.text("mail != ''")
        )
