"""What somebody can do about an application once its call has closed."""

import pytest
from sqlalchemy import select

from bot.domain import Application, CohortState, Wanted
from tests.commands.cohort_stage import applies, olga
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
