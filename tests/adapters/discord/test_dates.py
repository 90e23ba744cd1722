"""Days as people type them into a form of Discord's, which has no calendar: understood, or asked for again."""

from __future__ import annotations

import pytest

from tests.adapters.discord.town import Citizen, Town


async def draft(town: Town) -> Citizen:
    """A coordinator with a draft, on Monday, February 1, 2027."""
    olga = town.person("olga", manages=True)
    await olga.slash("cohort setup")
    await olga.fills()
    await olga.presses("Plan a program")
    await olga.presses("Mentoring in library collections and technical services")
    await olga.fills()
    await olga.presses("Continue (2 of 3)")
    await olga.fills()
    await olga.presses("Send it")
    return olga


async def edits(olga: Citizen, **dates: str) -> None:
    await olga.slash("cohort edit")
    await olga.fills(**dates)
    while label := next((one for one in olga.labels() if one.startswith(("Continue", "Send it"))), ""):
        await olga.presses(label)
        if olga.last is not None and olga.last.modal is not None:
            await olga.fills()


@pytest.mark.parametrize("typed", ["2 June", "June 2", "2nd of June", "2027-06-02"])
async def test_a_day_is_understood_and_said_again_with_its_weekday(town: Town, typed: str) -> None:
    olga = await draft(town)
    await edits(olga, starts_on=typed)
    assert "Wednesday, June 2, 2027" in olga.text


@pytest.mark.parametrize("typed", ["06/02/27", "2/6/2027", "June"])
async def test_a_day_that_could_be_two_is_asked_again(town: Town, typed: str) -> None:
    olga = await draft(town)
    await edits(olga, starts_on=typed)
    assert f"I cannot read “{typed}” as one day" in olga.text
    await olga.presses("Try again")
    controls = {part["component"]["custom_id"]: part["component"] for part in olga.modal["components"]}
    assert controls["starts_on"]["value"] == typed
    await olga.fills(starts_on="June 2")
    await edits_on(olga)
    assert "Wednesday, June 2, 2027" in olga.text


async def edits_on(olga: Citizen) -> None:
    while label := next((one for one in olga.labels() if one.startswith(("Continue", "Send it"))), ""):
        await olga.presses(label)
        if olga.last is not None and olga.last.modal is not None:
            await olga.fills()
