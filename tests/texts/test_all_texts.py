"""Whatever the bot says, with whatever people wrote: it has a notice, and delicate letters lie open with no more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.render import Rendering
from adapters.slack.speaker import SlackSpeaker
from bot.ui import Message
from tests.adapters.discord import contract as discord_contract
from tests.adapters.discord.test_render import bodies as discord_bodies
from tests.adapters.slack.driver import words
from tests.adapters.slack.test_rendering import EXAMPLES, check_posts
from tests.texts import making
from tests.wording import check_notice, notice_of

FUNCTIONS = {f"{one.__module__.removeprefix('bot.texts.')}.{one.__name__}": one for one in making.functions()}
NUMBERS = st.integers(0, 100_000)


def said(name: str, number: int) -> Message | None:
    """A message with what a function says; nothing where the arguments of this number make no sense together."""
    try:
        return making.as_message(making.said(FUNCTIONS[name], number))
    except (AssertionError, KeyError):
        return None


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(EXAMPLES, max_examples=3)
@given(number=NUMBERS)
def test_slack_and_discord_take_whatever_is_said(name: str, number: int) -> None:
    message = said(name, number)
    if message is None:
        return
    check_posts(message)
    for body in discord_bodies(message):
        discord_contract.check_schema("MessageCreateRequest", body)
        discord_contract.check_message(body)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_tried(name: str) -> None:
    for number in range(60):
        try:
            making.said(FUNCTIONS[name], number)
        except (AssertionError, KeyError):
            continue
        return
    raise AssertionError(f"{name} took no arguments that were tried")


def _delicate() -> dict[str, Message]:
    found = {name: said(name, number) for name in FUNCTIONS for number in (1, 2)}
    return {name: message for name, message in found.items() if message is not None and message.delicate}


DELICATE = _delicate()


def test_bad_news_is_delicate() -> None:
    assert set(DELICATE) >= {
        "concerns.heard",
        "cohort_news.cancelled",
        "cohort_news.late_declined",
        "cohort_news.pairs_end",
        "cohort_news.taken_back",
        "leaving.liaison_hears",
        "leaving.partner_leaves",
        "liaison.word",
        "publishing.not_matched",
        "silence.quiet",
        "team.left",
        "team.unreachable",
    }


@pytest.mark.parametrize("name", DELICATE)
def test_a_delicate_letter_opens_with_its_notice_alone(name: str) -> None:
    message = DELICATE[name]
    check_notice(message)
    notice = notice_of(message).rstrip(".").lower()
    first = words(Rendering(SlackSpeaker()).posts(message)[0][:1]).rstrip(".").lower()
    assert first.endswith(notice)
    [line, *_] = discord_bodies(message)[0]["content"].replace("*", "").replace("\\", "").splitlines()
    assert line.rstrip(".").lower().endswith(notice)
