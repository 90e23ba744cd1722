"""Two requests in the same moment, by a double click or by two people: both are answered, and it happens once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain import (
    Account,
    Application,
    CheckIn,
    CohortState,
    Concern,
    Departure,
    Draft,
    Duty,
    Event,
    Goal,
    Letter,
    LetterKind,
    Person,
    TeamMember,
)
from bot.domain.base import Base
from bot.ui import Field, Form, Message, Reply, _, message
from commands.catalog import Catalog
from commands.spec import Me, Request, command
from tests.commands.cohort_stage import applies
from tests.stage import Actor, Stage, words_of


async def _at_once(stage: Stage, *requests: Request) -> list[Reply]:
    """Ask all of these in the same moment, several times over connections of their own."""
    replies = await asyncio.gather(*(stage.dispatch.answer(request) for request in requests))
    for reply in replies:
        assert "Something went wrong" not in words_of(reply)
    return replies


def _request(actor: Actor, run: str, *, sent: bool = False, **args: Any) -> Request:
    return Request(platform="test", space="stage", user=actor.user, text=run, args=args, submitted=sent)


async def _count(stage: Stage, model: type[Base], *which: Any) -> int:
    async with stage.app.storage.reading() as work:
        return await work.first(select(func.count()).select_from(model).where(*which)) or 0


@pytest.fixture
async def warm(stage: Stage) -> Stage:
    """A stage whose connections are open, so that requests really meet."""

    async def hold() -> None:
        async with stage.app.storage.work():
            await asyncio.sleep(0.05)

    await asyncio.gather(*(hold() for _turn in range(4)))
    return stage


APPLICATION: Mapping[str, Any] = {
    "wishes": ["cataloging"],
    "name": "Ada",
    "zone": "America/New_York",
    "institution": "City Library",
    "career": "first_years",
    "conduct": "yes",
}


async def test_an_application_that_is_sent_by_a_double_click_arrives_once(warm: Stage) -> None:
    await warm.cohort(state=CohortState.OPEN)
    ada, ben = await warm.person("Ada"), await warm.person("Ben")
    await ada.types("/mentor join mentee")
    assert isinstance(ada.last, Form)
    twice = _request(ada, ada.last.run, sent=True, **APPLICATION, avoid=[str(ben.id)])
    for reply in await _at_once(warm, twice, twice, twice):
        assert "has arrived" in words_of(reply)
    assert await _count(warm, Application) == 1


async def test_a_first_word_that_comes_twice_makes_one_person(warm: Stage) -> None:
    await warm.person("Ada")
    hello = Request(platform="test", space="stage", user="U99", text="/mentor status", name="New", zone="Nowhere/Atall")
    await _at_once(warm, hello, hello, hello)
    assert await _count(warm, Account, Account.user == "U99") == 1
    async with warm.app.storage.reading() as work:
        [person] = await work.all(select(Person).where(Person.name == "New"))
    assert person.zone == "", "a zone that nobody knows is asked for"


async def test_a_draft_that_is_kept_twice_is_one(warm: Stage) -> None:
    await warm.cohort(state=CohortState.OPEN)
    ada = await warm.person("Ada")
    begun = _request(ada, 'mentor join role:"mentee"', about="Half a sentence")
    await asyncio.gather(*(warm.dispatch.keep(begun) for _turn in range(3)))
    assert await _count(warm, Draft) == 1


@pytest.fixture
async def pair(warm: Stage) -> tuple[Actor, Actor, int]:
    cohort = await warm.cohort()
    ben, eve = await warm.person("Ben"), await warm.person("Eve")
    lena = await warm.person("Lena", Duty.LIAISON)
    number = await warm.pair(ben, eve, cohort=cohort, liaison=lena)
    await warm.to(date(2027, 6, 3))
    return ben, eve, number


async def test_both_say_that_they_talked(warm: Stage, pair: tuple[Actor, Actor, int]) -> None:
    ben, eve, number = pair
    talked = [_request(actor, "nudge talked", pair=str(number)) for actor in (ben, eve, ben, eve)]
    await _at_once(warm, *talked)
    assert await _count(warm, CheckIn) == 1


async def test_somebody_who_leaves_by_a_double_click_leaves_once(warm: Stage, pair: tuple[Actor, Actor, int]) -> None:
    _ben, eve, number = pair
    leave = _request(eve, f'mentor leave pair:"{number}"', sent=True, tell="self")
    said = [words_of(reply) for reply in await _at_once(warm, leave, leave)]
    assert sum("Ending a pair is allowed" in words for words in said) == 1
    assert await _count(warm, Departure) == 1
    assert await _count(warm, Letter, Letter.kind == LetterKind.DUTY) == 1


async def test_a_concern_that_is_pressed_twice_is_told_once(warm: Stage, pair: tuple[Actor, Actor, int]) -> None:
    _ben, eve, number = pair
    tell = _request(eve, "nudge tell", pair=str(number), to="liaison")
    await _at_once(warm, tell, tell, tell)
    assert await _count(warm, Concern) == 1


async def test_both_write_the_last_goal(warm: Stage, pair: tuple[Actor, Actor, int]) -> None:
    ben, eve, number = pair
    goals = [
        _request(actor, f'goals set pair:"{number}"', sent=True, title=f"Goal {turn}", help="Listen")
        for turn in range(3)
        for actor in (ben, eve)
    ]
    await _at_once(warm, *goals)
    assert await _count(warm, Goal) == 3
    assert await _count(warm, Letter, Letter.kind == LetterKind.GOAL) == 1


async def test_two_coordinators_cannot_take_each_other_off_the_list(warm: Stage) -> None:
    olga, paul = await warm.person("Olga", Duty.COORDINATOR), await warm.person("Paul", Duty.COORDINATOR)
    async with warm.app.storage.reading() as work:
        first, second = await work.all(select(TeamMember.id).order_by(TeamMember.id))
    await _at_once(
        warm,
        _request(olga, "cohort team remove", member=str(second)),
        _request(paul, "cohort team remove", member=str(first)),
    )
    assert await _count(warm, TeamMember) == 1


async def test_somebody_added_twice_is_on_the_list_once(warm: Stage) -> None:
    olga, lena = await warm.person("Olga", Duty.COORDINATOR), await warm.person("Lena")
    add = _request(olga, 'cohort team add duty:"liaison"', sent=True, person=str(lena.id))
    await _at_once(warm, add, add)
    assert await _count(warm, TeamMember, TeamMember.duty == Duty.LIAISON) == 1


@pytest.mark.parametrize(
    ("run", "state", "kind"),
    [
        ("cohort close", CohortState.OPEN, "cohort.closed"),
        ("cohort cancel now", CohortState.OPEN, "cohort.cancelled"),
    ],
)
async def test_a_cohort_changes_once_and_everybody_is_told_once(
    warm: Stage, run: str, state: CohortState, kind: str
) -> None:
    cohort = await warm.cohort(state=state)
    olga, ada = await warm.person("Olga", Duty.COORDINATOR), await warm.person("Ada")
    await applies(warm, ada, cohort)
    once = _request(olga, run, cohort=str(cohort.id))
    await _at_once(warm, once, once)
    assert await _count(warm, Event, Event.kind == kind) == 1
    await warm.forward(days=1)
    assert len(ada.inbox) == 1


async def test_a_call_that_is_posted_twice_is_posted_once(warm: Stage) -> None:
    cohort = await warm.cohort(state=CohortState.DRAFT)
    olga = await warm.person("Olga", Duty.COORDINATOR)
    post = _request(olga, "cohort post", cohort=str(cohort.id), channel="mentoring")
    await _at_once(warm, post, post)
    assert await _count(warm, Event, Event.kind == "cohort.opened") == 1
    await warm.pulse()
    assert len(warm.channel("mentoring")) == 1


async def test_a_request_gives_up_where_it_always_meets_another(stage: Stage) -> None:
    """A bug that looks like a clash ends as all bugs do, and also while a refusal is being answered."""

    @command("tea spill", _("Spill the tea"), Field("note", _("A note"), required=False))
    async def spill(work: object, me: Me, note: str | None) -> Message:
        work.add(Account(space_id=me.space.id, user="U1", person_id=me.person.id))  # type: ignore[attr-defined]
        await work.flush()  # type: ignore[attr-defined]
        return message(_("Spilled."))

    ada = await stage.person("Ada")
    stage.dispatch.catalog = Catalog((spill,), ())
    assert "Something went wrong" in words_of(await stage.dispatch.answer(_request(ada, "tea spill", note="x")))
