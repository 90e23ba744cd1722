"""The schema of a database: bring it up to date, compare it with the models, write the next change down."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.storage.engine import Unusable, open_for_migrations, reach
from migrations.metadata import all_tables

_LOCK = 7_305_812_604  # any number will do, as long as it is only ours
Result = TypeVar("Result")


def upgrade(url: str) -> str:
    """Bring the database up to date, whole or not at all; the revision it is at then.

    Processes that do this at once wait for each other.
    """
    return asyncio.run(_within(url, _upgrade))


def downgrade(url: str, revision: str) -> None:
    """Go back to an earlier revision, or to "base": nothing. What the later tables held is lost."""
    asyncio.run(_within(url, lambda connection: command.downgrade(_config(connection), revision)))


def differences(url: str) -> list[str]:
    """What a database lacks or has too much, one line each; nothing if it is as the models want it."""
    return asyncio.run(_within(url, _differences))


def lag(url: str) -> str:
    """What to do about a database that is behind this version, in one line; nothing where it is not."""
    return asyncio.run(_within(url, _lag))


def write_revision(message: str, url: str) -> None:
    """Write the change that leads from the database `url`, which is up to date, to the models of today."""
    asyncio.run(_within(url, lambda connection: command.revision(_config(connection), message, autogenerate=True)))


async def _within(url: str, act: Callable[[Connection], Result]) -> Result:
    """Act in one transaction that no other process shares."""
    engine = open_for_migrations(url)
    try:
        async with reach(engine) as connection, connection.begin():
            if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            return await connection.run_sync(act)
    finally:
        await engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return config


def _upgrade(connection: Connection) -> str:
    _lag(connection)
    command.upgrade(_config(connection), "head")
    return str(_revision(connection))


def _differences(connection: Connection) -> list[str]:
    behind = _lag(connection)
    if behind:
        return [behind]
    current = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return [str(difference) for difference in compare_metadata(current, all_tables())]


def _lag(connection: Connection) -> str:
    known, found = ScriptDirectory.from_config(_config(connection)), _revision(connection) or "empty"
    wanted = known.get_current_head()
    if found == wanted:
        return ""
    if found != "empty" and found not in {one.revision for one in known.walk_revisions()}:
        raise Unusable(f"The database is at revision {found}, which this version does not know.")
    return f"The database is at {found}, this version wants {wanted}. To bring it there: mentorbot db upgrade"


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
