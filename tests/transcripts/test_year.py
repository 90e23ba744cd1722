"""The long transcript: everything that can be asked is asked on every platform, with one outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import CATALOG
from tests.transcripts.account import account_of, check_agreement
from tests.transcripts.gathering import GATHERING
from tests.transcripts.player import Player
from tests.transcripts.year import YEAR

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


NOT_HERE = {"sandbox": ["the command cohort setup"]}
"""Whoever comes to the sandbox first coordinates, so that nobody there begins by a command."""


@on_sqlite
async def test_a_year_reaches_everything_and_ends_the_same_everywhere(
    player: Player, face: str, accounts: Path
) -> None:
    await player.tell([*GATHERING, *YEAR])
    unreached = player.reach.unreached(CATALOG)
    assert unreached == NOT_HERE.get(face, []), "; ".join(unreached)
    check_agreement(await account_of(player.storage), accounts, transcript="year", face=face)
