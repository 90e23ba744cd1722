"""What a pair does in its own conversation, where threads take no slash commands: by buttons."""

from __future__ import annotations

import pytest

from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import Post
from tests.adapters.slack.test_whole_way import matched, wait_for


@pytest.fixture
async def pair(town: Town) -> tuple[Person, Post]:
    """Ada, and the introduction in the room of her pair."""
    _olga, ada, ben = await matched(town)
    return ada, await wait_for(town, ada, f"<@{ada.user}>, meet <@{ben.user}>", days=5)


async def test_a_goal_is_written_down_by_a_button_of_the_room(town: Town, pair: tuple[Person, Post]) -> None:
    ada, introduction = pair
    await ada.presses("Write a goal")
    await ada.sends(title="Publish a paper", help="Read a first draft")
    assert (ada.posts[-1].channel, ada.posts[-1].only_for) == (introduction.channel, ada.user)
    assert "Publish a paper" in ada.text
    assert introduction.edits == 0


async def test_a_talk_is_noted_by_a_button_of_the_room(town: Town, pair: tuple[Person, Post]) -> None:
    ada, introduction = pair
    await town.forward(days=14)
    button = next(one for block in introduction.blocks if block["type"] == "actions" for one in block["elements"]
                  if one["text"]["text"] == "Note a talk")  # fmt: skip
    await ada.press(button, introduction)
    await ada.sends()
    assert "Noted" in words(ada.posts[-1].blocks)
    assert ada.posts[-1].only_for == ada.user


async def test_what_is_answered_in_a_thread_stays_in_it(town: Town, pair: tuple[Person, Post]) -> None:
    ada, introduction = pair
    button = next(one for block in introduction.blocks if block["type"] == "actions" for one in block["elements"]
                  if one["text"]["text"] == "What comes first?")  # fmt: skip
    await ada.press(button, introduction, thread="1801494000.000001")
    assert (ada.posts[-1].channel, ada.posts[-1].thread) == (introduction.channel, "1801494000.000001")
    assert ada.posts[-1].only_for == ada.user
