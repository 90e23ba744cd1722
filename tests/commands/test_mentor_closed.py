"""What somebody can do about an application once its call has closed."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.domain import Application, CohortState, Person, Wanted
from tests.commands.cohort_stage import applies, olga, reads
from tests.stage import Actor, Stage

__all__ = ["olga"]


@pytest.mark.parametrize("asked", ["/mentor join", "mentor late"])
async def test_whoever_applied_in_time_keeps_their_place_after_the_call(stage: Stage, olga: Actor, asked: str) -> None:
    run = await stage.cohort(state=CohortState.MATCHING)
    ada = await stage.person("Ada")
    await applies(stage, ada, run, Wanted.MENTEE)

    await ada.types(asked)
    assert "Your application for Mentoring 2027-28 is in." in ada.text
    assert "Apply late" not in ada.labels()
    await ada.runs("mentor late", role="mentee", wishes="cataloging")

    assert "is in." in ada.text
    async with stage.app.storage.reading() as work:
        assert [one.late for one in await work.all(select(Application))] == [False]


async def test_closing_leaves_one_letter_that_is_true_then(stage: Stage, olga: Actor) -> None:
    run = await stage.cohort(state=CohortState.DRAFT, opens_on=date(2027, 2, 1))
    noa = await stage.person("Noa", zone="Pacific/Auckland")  # at night
    eve = await stage.person("Eve", zone="Pacific/Auckland")
    for actor in (noa, eve):
        await actor.types("mentor tell")
    await olga.types("/cohort open mentoring")
    await olga.presses("Post it")
    await olga.types("/cohort person person:Noa")
    await olga.presses("As a mentee")
    answers = {"wishes": ["cataloging"], "name": "Noa", "zone": noa.zone, "institution": "X", "career": "student"}
    await olga.sends(**answers)
    await olga.types("/cohort close")
    await stage.forward(days=2)

    [letter] = noa.inbox
    assert "has closed, and you take part" in letter.text
    assert "until Monday" not in letter.text
    assert not eve.inbox
    assert (await reads(stage, Person, eve.id)).wants_call
    await noa.types("/mentor status")
    assert "One thing is left for you" in noa.text
    await noa.presses("Read the code of conduct")
    await noa.presses("I will keep to it")
    await noa.types("/mentor status")
    assert "One thing is left" not in noa.text
    async with stage.app.storage.reading() as work:
        found = await work.first(select(Application).where(Application.cohort_id == run.id))
        assert found is not None
        assert found.conduct_at is not None


async def test_at_the_end_of_the_call_the_code_of_conduct_is_asked_for_again(stage: Stage, olga: Actor) -> None:
    run = await stage.cohort(state=CohortState.OPEN)
    noa = await stage.person("Noa")
    number = await applies(stage, noa, run)
    async with stage.app.storage.work() as work:
        (await work.get(Application, number)).entered_by_id = olga.id
    await stage.to(date(2027, 3, 17))

    [letter] = noa.inbox
    assert "One thing is left for you" in letter.text


async def test_a_day_that_has_passed_is_not_promised_again(stage: Stage, olga: Actor) -> None:
    run = await stage.cohort(state=CohortState.MATCHING)
    ada = await stage.person("Ada")
    await applies(stage, ada, run)
    await stage.to(date(2027, 5, 3))
    await ada.types("/mentor status")
    assert "You hear from me by Monday, May 3" in ada.text
    await stage.to(date(2027, 5, 5))
    await ada.types("/mentor status")
    assert "May 3" not in ada.text
    assert "It takes longer than was planned." in ada.text
    _near, passed = olga.inbox
    assert "were to be announced" in passed.text
    assert passed.at.date() == date(2027, 5, 4)
