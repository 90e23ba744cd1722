"""The faces on which a transcript is played."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from adapters.slack import home
from tests.databases import Connections
from tests.reach import Reach
from tests.transcripts.discord import on_discord
from tests.transcripts.player import Player
from tests.transcripts.sandbox import on_sandbox
from tests.transcripts.slack import on_slack

Open = Callable[[str, Connections, Reach], AbstractAsyncContextManager[Player]]

FACES: dict[str, Open] = {
    "sandbox": lambda database, _connections, reach: on_sandbox(database, reach),
    "slack": on_slack,
    "discord": on_discord,
}


@pytest.fixture(params=FACES)
def face(request: pytest.FixtureRequest) -> str:
    """A platform by its name."""
    return str(request.param)


@pytest.fixture
async def player(
    face: str, database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Player]:
    """Somebody who plays on it."""
    monkeypatch.setattr(home, "DELAY", 0)
    async with FACES[face](database, connections, Reach()) as player:
        yield player


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "accounts"
    folder.mkdir(exist_ok=True)
    return folder
