"""A town on Discord, over each kind of database."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.town import Town, town_over
from tests.databases import Connections


@pytest.fixture
async def town(database: str, connections: Connections) -> AsyncIterator[Town]:
    """A server with its bot and one channel."""
    async with town_over(database, connections) as town:
        yield town
