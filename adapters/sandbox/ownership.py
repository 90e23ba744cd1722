"""The sandbox's database is its own: one that belongs to a community elsewhere is refused before it is touched."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, inspect, select

from adapters.sandbox.playground import PLATFORM
from bot.domain import Space
from bot.storage.engine import open_for_migrations, reach


class NoSandbox(Exception):  # noqa: N818 - a fact about the set-up, not an error of ours
    """A database that the sandbox must not touch. Its words: one line for whoever runs it."""


def check(url: str) -> None:
    """Look whose database this is, without changing it. Raises NoSandbox for another platform's."""
    others = asyncio.run(_platforms(url)) - {PLATFORM}
    if others:
        raise NoSandbox(
            "SANDBOX_DATABASE_URL must name a database of its own: "
            f"this one belongs to a community on {' and '.join(sorted(others))}."
        )


async def _platforms(url: str) -> set[str]:
    engine = open_for_migrations(url)
    try:
        async with reach(engine) as connection:
            return await connection.run_sync(_read)
    finally:
        await engine.dispose()


def _read(connection: Connection) -> set[str]:
    if not inspect(connection).has_table(Space.__tablename__):
        return set()
    return set(connection.scalars(select(Space.platform)))
