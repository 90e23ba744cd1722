"""Codes that bring two communities or two people together, and where a letter lies."""

import sqlalchemy as sa
from alembic import op

revision = "248a6d479f32"
down_revision = "15343702c9fc"


def upgrade() -> None:
    op.create_table(
        "link_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name=op.f("fk_link_codes_asker_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["people.id"], name=op.f("fk_link_codes_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_link_codes_digest")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_codes_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_codes_maker_id"), ["maker_id"], unique=False)

    with op.batch_alter_table("communities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("joined_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_communities_joined_id"), "communities", ["joined_id"], ["id"])

    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("space_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_letters_space_id"), "spaces", ["space_id"], ["id"])

    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_guest", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.drop_column("is_guest")

    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_letters_space_id"), type_="foreignkey")
        batch_op.drop_column("space_id")

    with op.batch_alter_table("communities", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_communities_joined_id"), type_="foreignkey")
        batch_op.drop_column("joined_id")

    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_codes_maker_id"))
        batch_op.drop_index(batch_op.f("ix_link_codes_ends_at"))

    op.drop_table("link_codes")
