"""The migrations make exactly what the models say, on both databases, whoever runs them and how often."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from bot.storage.engine import Unusable, open_for_migrations
from migrations.schema import differences, downgrade, lag, upgrade
from tests.databases import create_tables

Answer = TypeVar("Answer")


def test_migrations_make_exactly_the_models(empty_database: str) -> None:
    upgrade(empty_database)

    assert differences(empty_database) == []


def test_migrations_and_models_agree_on_what_alembic_does_not_compare(empty_database: str) -> None:
    """Checks, conditions of indexes, cascades: whatever the database itself tells of its tables."""
    upgrade(empty_database)
    migrated = _ask(empty_database, _description)
    downgrade(empty_database, "base")
    asyncio.run(create_tables(empty_database))

    assert migrated == _ask(empty_database, _description)


def test_upgrading_twice_changes_nothing(empty_database: str) -> None:
    assert upgrade(empty_database) == upgrade(empty_database)


def test_an_empty_database_is_told_from_one_that_is_up_to_date(empty_database: str) -> None:
    (difference,) = differences(empty_database)
    assert difference.startswith("The database is at empty, this version wants ")
    assert lag(empty_database) == difference

    upgrade(empty_database)
    assert lag(empty_database) == ""


def test_rebuilding_tables_keeps_every_row_and_what_belongs_to_it(empty_database: str) -> None:
    upgrade(empty_database)
    downgrade(empty_database, "aad1d698affc")
    _ask(empty_database, _write_a_talk)
    upgrade(empty_database)

    assert _ask(empty_database, _notes) == ["a note"]
    assert differences(empty_database) == []


def test_downgrading_to_the_base_leaves_no_table(empty_database: str) -> None:
    upgrade(empty_database)
    downgrade(empty_database, "base")

    assert _ask(empty_database, lambda connection: inspect(connection).get_table_names()) == ["alembic_version"]


def test_a_missing_column_is_noticed(empty_database: str) -> None:
    upgrade(empty_database)
    _ask(empty_database, lambda connection: connection.execute(text("ALTER TABLE people DROP COLUMN about")))

    assert len(differences(empty_database)) == 1


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_database: str) -> None:
    upgrade(empty_database)
    _ask(empty_database, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = 'x'")))

    for act in (upgrade, differences, lag):
        with pytest.raises(Unusable, match="at revision x, which this version does not know"):
            act(empty_database)


def test_processes_that_upgrade_at_once_wait_for_each_other(empty_database: str) -> None:
    line = [sys.executable, "-c", f"from migrations.schema import upgrade; upgrade({empty_database!r})"]
    started = [subprocess.Popen(line, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    words = [process.communicate(timeout=60)[1] for process in started]

    assert [process.returncode for process in started] == [0, 0, 0], words
    assert differences(empty_database) == []


def _ask(url: str, question: Callable[[Connection], Answer]) -> Answer:
    async def ask() -> Answer:
        engine = open_for_migrations(url)
        async with engine.begin() as connection:
            answer = await connection.run_sync(question)
        await engine.dispose()
        return answer

    return asyncio.run(ask())


def _plain(index: ReflectedIndex) -> str:
    """An index with its condition as text."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def _description(connection: Connection) -> dict[str, object]:
    found = inspect(connection)
    return {
        table: {
            "keys": sorted(map(str, found.get_foreign_keys(table))),
            "checks": sorted(map(str, found.get_check_constraints(table))),
            "indexes": sorted(_plain(index) for index in found.get_indexes(table)),
            "uniques": sorted(map(str, found.get_unique_constraints(table))),
            "numbers": "AUTOINCREMENT" in _sql_of(connection, table),
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def _sql_of(connection: Connection, table: str) -> str:
    """How SQLite remembers that a table was made."""
    if connection.dialect.name != "sqlite":
        return ""
    return str(connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table}))


def _write_a_talk(connection: Connection) -> None:
    """One check-in with a note that goes with it; nothing else has to be there while keys are not looked at."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
    connection.execute(
        text(
            "INSERT INTO check_ins (id, pairing_id, logged_by_id, talked_on, way, goals, created_at) "
            "VALUES (7, 1, 1, '2027-06-15', '', '[]', '2027-06-15 10:00:00+00')"
        )
    )
    connection.execute(text("INSERT INTO notes (check_in_id, member_id, shared, text) VALUES (7, 1, true, 'a note')"))


def _notes(connection: Connection) -> list[str]:
    joined = text("SELECT notes.text FROM notes JOIN check_ins ON check_ins.id = notes.check_in_id")
    return [row[0] for row in connection.execute(joined)]
