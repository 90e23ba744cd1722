"""Buttons that carry more than Discord takes: kept under a key as long as a cohort may need them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from adapters.discord import links
from adapters.discord.limits import LONGEST_CUSTOM_ID
from adapters.discord.links import Link
from bot.domain import Cohort, CohortState
from tests.adapters.discord.test_walk import open_call
from tests.adapters.discord.town import Town

LONG = Link("cohort change", (("title", "x" * 200),), 1)


async def kept(town: Town, link: Link = LONG) -> str:
    return (await links.shortened(town.app.storage, [link]))[link]


async def leads(town: Town, custom_id: str) -> bool:
    return await links.followed(town.app.storage, custom_id) is not None


async def end(town: Town, state: CohortState, on: date) -> None:
    async with town.app.storage.work() as work:
        await work.session.execute(update(Cohort).values(state=state, ends_on=on))


async def later(town: Town, days: int) -> None:
    from datetime import timedelta

    town.clock.set(town.clock.now() + timedelta(days=days))
    await links.forget(town.app.storage)


async def test_a_long_link_lives_as_long_as_its_cohort_and_half_a_year(town: Town) -> None:
    await open_call(town, town.person("olga", manages=True))
    key = await kept(town)
    assert len(key) <= LONGEST_CUSTOM_ID
    await later(town, 400)
    assert await leads(town, key), "the cohort goes on"

    await end(town, CohortState.CLOSED, town.clock.now().date())
    await later(town, 100)
    assert await leads(town, key)
    await later(town, 100)
    assert not await leads(town, key)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_later_cohort_keeps_no_link_of_an_earlier_one(town: Town) -> None:
    await open_call(town, town.person("olga", manages=True))
    key = await kept(town)
    async with town.app.storage.work() as work:
        await work.session.execute(update(Cohort).values(created_at=town.clock.now().replace(year=2028)))
    await later(town, 200)
    assert not await leads(town, key)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_link_that_is_used_again_is_as_good_as_new(town: Town) -> None:
    nowhere = Link("mentor status", (("goal", "x" * 200),), None)
    key = await kept(town, nowhere)
    town.clock.set(town.clock.now().replace(month=7))
    assert await kept(town, nowhere) == key
    await later(town, 100)
    assert await leads(town, key)
    await later(town, 100)
    assert not await leads(town, key)
