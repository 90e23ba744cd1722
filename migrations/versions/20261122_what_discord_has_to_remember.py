"""What discord has to remember."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "15343702c9fc"
down_revision = "4b439adc1cf2"


def upgrade() -> None:
    op.create_table(
        "discord_forms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("form", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discord_forms")),
        sa.UniqueConstraint("key", name=op.f("uq_discord_forms_key")),
    )
    with op.batch_alter_table("discord_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discord_forms_opened_at"), ["opened_at"], unique=False)

    op.create_table(
        "discord_registered",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discord_registered")),
        sa.UniqueConstraint("scope", name=op.f("uq_discord_registered_scope")),
    )
    op.create_table(
        "discord_sequels",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation", sa.String(length=32), nullable=False),
        sa.Column("posted", sa.String(length=32), nullable=False),
        sa.Column("first", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discord_sequels")),
        sa.UniqueConstraint("posted", name=op.f("uq_discord_sequels_posted")),
    )
    with op.batch_alter_table("discord_sequels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discord_sequels_first"), ["first"], unique=False)

    op.create_table(
        "discord_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_discord_links_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discord_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_discord_links_digest")),
        sa.UniqueConstraint("key", name=op.f("uq_discord_links_key")),
    )
    with op.batch_alter_table("discord_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discord_links_community_id"), ["community_id"], unique=False)

    op.create_table(
        "discord_rooms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_discord_rooms_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discord_rooms")),
        sa.UniqueConstraint("place_id", name=op.f("uq_discord_rooms_place_id")),
        sa.UniqueConstraint("thread", name=op.f("uq_discord_rooms_thread")),
    )


def downgrade() -> None:
    op.drop_table("discord_rooms")
    with op.batch_alter_table("discord_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discord_links_community_id"))

    op.drop_table("discord_links")
    with op.batch_alter_table("discord_sequels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discord_sequels_first"))

    op.drop_table("discord_sequels")
    op.drop_table("discord_registered")
    with op.batch_alter_table("discord_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discord_forms_opened_at"))

    op.drop_table("discord_forms")
