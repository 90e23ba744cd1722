"""What the tests of a cohort's life share: its coordinator, applications, and a look at the rows."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain import Application, ApplicationState, Cohort, Duty, Letter, LetterState, Person, Wanted
from tests.stage import Actor, Stage


@pytest.fixture
async def olga(stage: Stage) -> Actor:
    """A coordinator in Chicago, where it is Monday, February 1, at 9:00."""
    return await stage.person("Olga", Duty.COORDINATOR, zone="America/Chicago")


async def applies(
    stage: Stage,
    actor: Actor,
    run: Cohort,
    wanted: Wanted = Wanted.MENTEE,
    *topics: str,
    places: int = 1,
    late: bool = False,
) -> int:
    """Somebody's application, sent; its number."""
    async with stage.app.storage.work() as work:
        application = Application(
            cohort_id=run.id,
            person_id=actor.id,
            wanted=wanted,
            state=ApplicationState.SENT,
            late=late,
            wishes=list(topics or ("cataloging",)) if wanted is not Wanted.MENTOR else [],
            offers=list(topics or ("cataloging",)) if wanted is not Wanted.MENTEE else [],
            places=places,
            sent_at=work.now,
        )
        work.add(application)
    return application.id


async def reads(stage: Stage, model: type, number: int):  # type: ignore[no-untyped-def]
    """A row as it stands now."""
    async with stage.app.storage.reading() as work:
        return await work.get(model, number)


async def waiting(stage: Stage) -> int:
    """Letters that wait."""
    async with stage.app.storage.reading() as work:
        return len(await work.all(select(Letter).where(Letter.state == LetterState.WAITING)))


async def change_person(stage: Stage, actor: Actor, **values: object) -> None:
    """Set what somebody said of themselves."""
    async with stage.app.storage.work() as work:
        person = await work.get(Person, actor.id)
        for name, value in values.items():
            setattr(person, name, value)


def short(text: str) -> int:
    """Words of a text."""
    return len(text.split())
