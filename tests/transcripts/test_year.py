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


LINKED = [
    f"the command {path}"
    for path in (
        "mentor write", "mentor link", "mentor link ask", "mentor link yes", "mentor link no",
        "cohort link", "cohort link ask", "cohort link yes", "cohort link no",
    )
]  # fmt: skip
"""What takes two spaces: joining them, and writing to a partner with whom one shares no room."""

NOT_HERE = {
    "sandbox": ["the command cohort setup", "the command cohort rooms", *LINKED],
    "slack": ["the command cohort rooms", *LINKED],
    "discord": LINKED,
}
"""Whoever comes to the sandbox first coordinates; only Discord hangs rooms below a channel."""


@on_sqlite
async def test_a_year_reaches_everything_and_ends_the_same_everywhere(
    player: Player, face: str, accounts: Path
) -> None:
    await player.tell([*GATHERING, *YEAR])
    unreached = player.reach.unreached(CATALOG)
    left = [one for one in unreached if one not in NOT_HERE[face]]
    assert not left, "; ".join(left)
    check_agreement(await account_of(player.storage), accounts, transcript="year", face=face)
