"""Never give a number again.

SQLite gave the number of the newest row to the next one after it was deleted: old buttons then meant another talk, and
letters about a second leaving were taken for those about the first. PostgreSQL never did.
"""

from alembic import op

revision = "c1f7a90d52be"
down_revision = "aad1d698affc"

TABLES = ("people", "drafts", "applications", "enrollments", "pairings", "members", "departures", "check_ins")


def upgrade() -> None:
    _rebuild(autoincrement=True)


def downgrade() -> None:
    _rebuild(autoincrement=False)


def _rebuild(*, autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": autoincrement}):
            pass
