"""What slack has to remember of files and home tabs."""

import sqlalchemy as sa
from alembic import op

revision = "8ea550ecbdfc"
down_revision = "08d960350cc5"


def upgrade() -> None:
    op.create_table(
        "slack_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("letter", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_files")),
        sa.UniqueConstraint("letter", "place", name=op.f("uq_slack_files_letter_place")),
    )
    with op.batch_alter_table("slack_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slack_files_begun_at"), ["begun_at"], unique=False)

    op.create_table(
        "slack_homes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_slack_homes_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_homes")),
        sa.UniqueConstraint("account_id", name=op.f("uq_slack_homes_account_id")),
    )


def downgrade() -> None:
    op.drop_table("slack_homes")
    with op.batch_alter_table("slack_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slack_files_begun_at"))

    op.drop_table("slack_files")
