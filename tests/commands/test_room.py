"""A cohort with room for so many mentees: who comes first, what the committee may change, what people hear."""

from __future__ import annotations

import pytest

from bot.domain import Cohort, CohortState, EnrollmentState, PairingState
from tests.matching_cast import Cast, cast
from tests.stage import Stage

PROPOSED = PairingState.PROPOSED


@pytest.fixture
async def cohort(stage: Stage) -> Cast:
    """Three mentees in the order in which they applied, places enough, and room for two."""
    cohort = await cast(stage)
    for name in ("Ada", "Abe", "Amy"):
        await cohort.mentee(name)
    await cohort.mentor("Ben", places=3)
    await _room(cohort, 2)
    return cohort


async def _room(cohort: Cast, most: int | None) -> None:
    async with cohort.stage.app.storage.work() as work:
        (await work.get(Cohort, cohort.cohort.id)).capacity = most


async def _pair(cohort: Cast, mentee: str, mentor: str) -> dict[str, str]:
    one = await cohort.enrollment(cohort.people[mentee], "mentee")
    other = await cohort.enrollment(cohort.people[mentor], "mentor")
    return {"mentee": str(one.id), "mentor": str(other.id)}


async def test_no_more_mentees_are_matched_than_there_is_room_for(cohort: Cast) -> None:
    await cohort.matched()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben"), ("Abe", "Ben")}
    assert "Mentees without a mentor\n1" in cohort.olga.inbox[-1].text
    await cohort.olga.types("/cohort review")
    await cohort.olga.presses("Who waits for a partner?")
    assert "Amy, without a mentor. Others come first for the places" in cohort.olga.text


async def test_without_a_number_everybody_may_take_part(cohort: Cast) -> None:
    await _room(cohort, None)
    await cohort.matched()
    assert len(await cohort.pairs(PROPOSED)) == 3


async def test_who_has_waited_comes_before_who_applied_first(stage: Stage) -> None:
    earlier = await cast(stage)
    await earlier.mentee("Amy")
    await earlier.mentor("Bob", "acquisitions")
    await earlier.matched()
    amy = await earlier.enrollment(earlier.people["Amy"], "mentee")
    async with stage.app.storage.work() as work:
        (await work.get(type(amy), amy.id)).state = EnrollmentState.UNMATCHED
        (await work.get(Cohort, earlier.cohort.id)).state = CohortState.CLOSED
    now = Cast(stage, await stage.cohort(state=CohortState.MATCHING), earlier.olga)
    for name in ("Ada", "Abe", "Amy"):
        await now.mentee(name)
    await now.mentor("Ben", places=3)
    await _room(now, 1)
    await now.matched()
    assert ("Amy", "Ben") in await now.pairs(PROPOSED)
    assert ("Ada", "Ben") not in await now.pairs(PROPOSED)


async def test_the_committee_may_put_somebody_first_but_makes_no_more_room(cohort: Cast) -> None:
    await cohort.matched()
    await cohort.olga.runs("cohort review swap", sure="yes", **await _pair(cohort, "Amy", "Ben"))
    assert "Amy and Ben are a pair, and stay one." in cohort.olga.text
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Amy", "Ben"), ("Ada", "Ben")}
    await cohort.olga.runs("cohort review swap", sure="yes", **await _pair(cohort, "Ada", "Ben"))
    await cohort.stage.pulse()
    await cohort.olga.runs("cohort review swap", sure="yes", **await _pair(cohort, "Abe", "Ben"))
    assert "All places for mentees are kept for others." in cohort.olga.text
    assert await cohort.pairs(PROPOSED) == {("Amy", "Ben"), ("Ada", "Ben")}


async def test_less_room_makes_a_proposal_outdated(cohort: Cast) -> None:
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    await _room(cohort, 1)
    await cohort.olga.types("/cohort publish")
    assert "Something has changed since these pairs were proposed" in cohort.olga.text


async def test_who_had_no_room_hears_why_without_a_number(cohort: Cast) -> None:
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    await cohort.olga.presses("Publish these pairs")
    await cohort.olga.presses("Publish")
    await cohort.stage.forward(days=2)
    amy = cohort.people["Amy"]
    assert "more people asked for a mentor than this program has room for" in amy.inbox[-1].text
    assert "2" not in amy.inbox[-1].text.replace("2027", "")


async def test_places_are_free_again_when_a_pair_has_ended(cohort: Cast) -> None:
    await _room(cohort, 1)
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    await cohort.olga.presses("Publish these pairs")
    await cohort.olga.presses("Publish")
    await cohort.stage.forward(days=2)
    await cohort.olga.types("/cohort match")
    assert "All places for mentees are taken." in cohort.olga.text
    ada = cohort.people["Ada"]
    await ada.types("/mentor leave")
    await ada.sends(tell="bot")
    await cohort.stage.forward(days=3)
    await cohort.people["Ben"].presses("Yes, another match")
    await cohort.matched()
    assert await cohort.pairs(PROPOSED) == {("Abe", "Ben")}
