"""What the bot shows can be typed, and what it does not find leads on."""

import pytest

from bot.domain import Cohort, Duty
from tests.stage import Actor, Stage


@pytest.fixture
async def lia(stage: Stage) -> Actor:
    return await stage.person("Lia", Duty.LIAISON)


async def _pairs(stage: Stage, lia: Actor) -> tuple[Cohort, int]:
    cohort = await stage.cohort()
    people = [await stage.person(name) for name in ("Ben", "Ada King", "Bea", "Abe")]
    first = await stage.pair(people[0], people[1], cohort=cohort, liaison=lia)
    await stage.pair(people[2], people[3], cohort=cohort, liaison=lia)
    return cohort, first


@pytest.mark.parametrize(
    "typed",
    ['pair:"Ada King and Ben"', "pair:Ben and Ada King", '"Ben and Ada King"', "Ada King and Ben", "ada king"],
)
async def test_a_pair_is_found_by_its_names(stage: Stage, lia: Actor, typed: str) -> None:
    await _pairs(stage, lia)
    await lia.types(f"/liaison pair {typed}")
    assert "do not find" not in lia.text
    assert "Ada King" in lia.text
    assert "Bea" not in lia.text


async def test_what_is_not_found_is_asked_for_by_buttons(stage: Stage, lia: Actor) -> None:
    await _pairs(stage, lia)
    await lia.types("/liaison pair pair:Eve")
    assert "I do not find “Eve” here." in lia.text
    assert len(lia.labels()) == 2
    await lia.presses(lia.labels()[0])
    assert "Ada King" in lia.text


async def test_a_button_of_an_older_message_leads_on(stage: Stage, lia: Actor) -> None:
    _cohort, pair = await _pairs(stage, lia)
    eve = await stage.person("Eve", Duty.LIAISON)
    await eve.runs("liaison pair", pair=str(pair))
    assert "It belongs to an older message, or it is not yours to open." in eve.text
    assert "Ada" not in eve.text
    assert eve.labels() == ["Where do I stand?", "What can I do here?"]


async def test_what_only_a_button_knows_is_not_asked_for_without_one(stage: Stage, lia: Actor) -> None:
    await lia.types("/words leave")
    assert "only works from the button" in lia.text
    assert lia.labels()
