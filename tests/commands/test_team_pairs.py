"""Choosing a pair of those that one looks after, however many there are."""

from __future__ import annotations

from bot.domain import Community, Duty, Person
from bot.storage import queries
from bot.ui import Choice
from commands.sources import TEAM_PAIRS
from commands.spec import Me
from tests.stage import Stage


async def test_the_first_twenty_five_pairs_are_offered_and_the_others_found_by_name(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    cohort = await stage.cohort()
    pairs = []
    for number in range(30):
        couple = [await stage.person(f"{role} {number:02}") for role in ("Mentor", "Mentee")]
        pairs.append(str(await stage.pair(*couple, cohort=cohort)))
    assert [choice.value for choice in await _offered(stage, olga.id, "")] == pairs[:25]
    assert [choice.value for choice in await _offered(stage, olga.id, "mentee 28")] == [pairs[28]]
    assert await _offered(stage, olga.id, "m%28") == []


async def _offered(stage: Stage, person: int, typed: str) -> list[Choice]:
    async with stage.app.storage.reading() as work:
        asker = await work.get(Person, person)
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        community = await work.get(Community, asker.community_id)
        me = Me(person=asker, community=community, space=space, duties=frozenset({Duty.COORDINATOR}))
        return list(await TEAM_PAIRS.find(work, me, typed, {}))
