"""The published transcript, played on every platform from its payloads to its payloads, with one outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.sandbox.story import STORY
from docs import story
from tests.transcripts.account import account_of, check_agreement
from tests.transcripts.gathering import GATHERING
from tests.transcripts.player import Player

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@on_sqlite
async def test_the_story_goes_as_it_is_told_and_ends_the_same_everywhere(
    player: Player, face: str, accounts: Path
) -> None:
    await player.tell([*GATHERING, *STORY])
    check_agreement(await account_of(player.storage), accounts, transcript="story", face=face)


def test_the_story_is_written_down_as_it_is_played() -> None:
    assert story.PAGE.read_text(encoding="utf-8") == story.page(), "run python -m docs.story"
