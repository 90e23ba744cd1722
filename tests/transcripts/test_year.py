"""The long transcript: everything that can be asked is asked on every platform, with one outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import CATALOG
from tests.transcripts.account import account_of, check_agreement
from tests.transcripts.gathering import GATHERING
from tests.transcripts.player import Player
from tests.transcripts.test_two_chats import LINKED
from tests.transcripts.year import YEAR

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


_LINKED = [f"the command {path}" for path in sorted(LINKED)]

NOT_HERE = {
    "sandbox": ["the command cohort setup", "the command cohort rooms", *_LINKED],
    "slack": ["the command cohort rooms", *_LINKED],
    "discord": _LINKED,
}
"""Whoever comes to the sandbox first coordinates; only Discord hangs rooms below a channel; what takes two spaces is
reached by a walk of its own."""


@on_sqlite
async def test_a_year_reaches_everything_and_ends_the_same_everywhere(
    player: Player, face: str, accounts: Path
) -> None:
    await player.tell([*GATHERING, *YEAR])
    account = await account_of(player.storage)
    await player.asides()
    unreached = player.reach.unreached(CATALOG)
    left = [one for one in unreached if one not in NOT_HERE[face]]
    assert not left, "; ".join(left)
    check_agreement(account, accounts, transcript="year", face=face)
