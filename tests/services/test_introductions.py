"""A pair is introduced once, whatever the two of them do before the letter arrives."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.domain import Account, LetterKind, Place, Space
from tests.matching_cast import Cast, cast
from tests.stage import Actor, Stage

SATURDAY = datetime(2027, 2, 6, 15, 0, tzinfo=UTC)
MONDAY = datetime(2027, 2, 8, 20, 0, tzinfo=UTC)


@pytest.fixture
async def cohort(stage: Stage) -> Cast:
    """Ada and Ben, published on a Saturday: they are to be introduced on Monday."""
    await stage.to(SATURDAY)
    cohort = await cast(stage)
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.published()
    assert _introductions(cohort) == []
    return cohort


def _introductions(cohort: Cast) -> list[str]:
    return [post.text for post in cohort.people["Ada"].rooms if "Ada, meet Ben." in post.text]


async def _leaves(actor: Actor) -> None:
    await actor.types("/mentor leave")
    await actor.sends(tell="self")


async def test_whoever_stays_after_all_is_introduced_on_the_day(cohort: Cast) -> None:
    await _leaves(cohort.people["Ada"])
    await cohort.people["Ada"].presses("I would rather stay")
    await cohort.stage.to(MONDAY)
    assert len(_introductions(cohort)) == 1


async def test_staying_twice_introduces_once(cohort: Cast) -> None:
    for _time in range(2):
        await _leaves(cohort.people["Ada"])
        await cohort.people["Ada"].presses("I would rather stay")
    await cohort.stage.to(MONDAY)
    assert len(_introductions(cohort)) == 1
    assert len(await cohort.letters(LetterKind.INTRODUCTION)) == 3


async def test_while_one_of_two_still_leaves_nobody_is_introduced(cohort: Cast) -> None:
    await _leaves(cohort.people["Ada"])
    await _leaves(cohort.people["Ben"])
    await cohort.people["Ada"].presses("I would rather stay")
    await cohort.stage.to(MONDAY)
    assert _introductions(cohort) == []


async def test_who_was_introduced_is_not_introduced_again(cohort: Cast) -> None:
    await cohort.stage.to(MONDAY)
    await _leaves(cohort.people["Ada"])
    await cohort.people["Ada"].presses("I would rather stay")
    await cohort.stage.forward(days=3)
    assert len(_introductions(cohort)) == 1


async def test_a_pair_with_two_chats_meets_in_the_one_that_the_bot_is_in(stage: Stage) -> None:
    cohort = await cast(stage)
    ada, ben = await cohort.mentee("Ada"), await cohort.mentor("Ben")
    async with stage.app.storage.work() as work:
        here = await work.first(select(Space))
        assert here is not None
        museum = Space(community_id=here.community_id, platform="test", external="museum", name="Museum")
        work.add(museum)
        await work.flush()
        for actor in (ada, ben):
            work.add(Account(space_id=museum.id, user=f"M{actor.id}", person_id=actor.id))
        here.left_at = work.now
    await cohort.published()
    async with stage.app.storage.reading() as work:
        assert [place.space_id for place in await work.all(select(Place))] == [museum.id]
