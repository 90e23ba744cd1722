"""What many tests need: databases first."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from bot.logs import outline_exception
from bot.storage.engine import Engines, open_engines
from tests.databases import Connections, Postgres, Sqlite, postgres_server

pytest_plugins = ["tests.stage"]

BOTH = ("sqlite", "postgresql")


def pytest_configure() -> None:
    """Outline a logged error instead of painting its source, which takes half a second."""
    gc.set_threshold(100_000, 50, 50)  # few things live long here, and looking for them takes a tenth of the time
    structlog.configure(processors=[outline_exception, structlog.processors.JSONRenderer()])


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a running PostgreSQL, one for each process of the test run."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
async def connections() -> AsyncIterator[Connections]:
    """Engines that outlive a test."""
    connections = Connections()
    yield connections
    await connections.close()


@pytest.fixture(scope="session")
def postgresql(postgres_url: str, connections: Connections) -> Postgres:
    """Makes databases in that PostgreSQL."""
    return Postgres(postgres_url, connections)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory, connections: Connections) -> Sqlite:
    """Makes SQLite files."""
    return Sqlite(tmp_path_factory.mktemp("sqlite"), connections)


@pytest.fixture(params=BOTH)
async def database(request: pytest.FixtureRequest, connections: Connections) -> AsyncIterator[str]:
    """The address of a fresh database with all tables and no rows; each test runs on both kinds.

    For one kind only: `@pytest.mark.parametrize("database", ["sqlite"], indirect=True)`.
    """
    maker: Postgres | Sqlite = request.getfixturevalue(request.param)
    url = await maker.create(tables=True)
    yield url
    await maker.give_back(url)


@pytest.fixture(params=BOTH)
async def empty_database(request: pytest.FixtureRequest, connections: Connections) -> AsyncIterator[str]:
    """The address of a fresh database without any table; each test runs on both kinds."""
    maker: Postgres | Sqlite = request.getfixturevalue(request.param)
    url = await maker.create(tables=False)
    yield url
    await maker.give_back(url)


@pytest.fixture
async def engines(database: str) -> AsyncIterator[Engines]:
    """Engines on a fresh database."""
    engines = open_engines(database)
    yield engines
    await engines.close()
