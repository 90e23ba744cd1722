"""What the tests of a cohort's life share: its commands and its sweep, until they are in the tables; and its people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain import Application, ApplicationState, Cohort, Duty, Letter, LetterState, Person, Wanted
from bot.scheduling import jobs, loop
from bot.scheduling.jobs import Due, Job
from bot.services import cohort_sweep
from bot.storage.work import Work
from bot.ui import _
from commands import CATALOG, call, cohort, cohort_edit, cohort_person, team
from commands.catalog import Catalog
from sqlalchemy import select
from tests.stage import Actor, Stage

_PARTS = (cohort, call, cohort_edit, cohort_person, team)

DATES = Job("cohort dates", timedelta(minutes=1), cohort_sweep.sweep, Due(Cohort.next_date_at, _("a date of a cohort")))


def wire(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put this part's commands, sources and sweep into the tables, where they are not there yet."""
    commands = {c.path: c for part in _PARTS for c in part.COMMANDS} | CATALOG.commands
    sources = {s.name: s for part in _PARTS for s in getattr(part, "SOURCES", ())} | CATALOG.sources
    stage.dispatch.catalog = Catalog(commands.values(), sources.values())
    if all(job.sweep is not cohort_sweep.sweep for job in jobs.JOBS):
        wired = (DATES, *jobs.JOBS)
        monkeypatch.setattr(jobs, "JOBS", wired)
        monkeypatch.setattr(loop, "JOBS", wired)


@pytest.fixture
async def olga(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """A coordinator in Chicago, where it is Monday, February 1, at 9:00."""
    wire(stage, monkeypatch)
    return await stage.person("Olga", Duty.COORDINATOR, zone="America/Chicago")


async def applies(
    stage: Stage, actor: Actor, run: Cohort, wanted: Wanted = Wanted.MENTEE, *topics: str, places: int = 1, late: bool = False
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
