"""Lists that grow with people or pairs: no statement takes more than some thirty thousand parameters."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.domain import Enrollment, EnrollmentState, Letter, LetterKind, Pairing, PairingState, Person
from bot.services import calendar, pair_facts
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.ui import _, message
from tests.stage import Stage

MANY = range(1, 34_000)
"""More than the 32,767 parameters of PostgreSQL and the 32,766 of SQLite."""


async def test_a_column_is_looked_up_among_more_values_than_parameters_are_allowed(stage: Stage) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    async with stage.app.storage.reading() as work:
        assert await _names(work, MANY) == ["Ada", "Ben"]
        assert await _names(work, [ben.id, *range(40_000, 74_000)]) == ["Ben"]
        assert await _names(work, []) == []
        names = select(Person.id).where(work.among(Person.name, ["Ada", "O'Neil", '"}', *map(str, MANY)]))
        assert await work.all(names) == [ada.id]


async def test_many_people_are_planned_and_many_pairs_are_summed_up(stage: Stage) -> None:
    pairing = await stage.pair(await stage.person("Ada"), await stage.person("Ben"), cohort=await stage.cohort())
    async with stage.app.storage.work() as work:
        await work.session.execute(update(Person).values(next_letter_at=None))
        await calendar.plan(work, MANY)
        assert None not in await work.all(select(Person.next_letter_at))
        wanted = work.among(Pairing.id, MANY) & (Pairing.state == PairingState.ACTIVE)
        assert [report.number for report in await pair_facts.reports(work, wanted)] == [pairing]
        await work.session.execute(
            update(Enrollment).where(work.among(Enrollment.id, MANY)).values(state=EnrollmentState.MATCHED)
        )


async def test_more_letters_are_written_at_once_than_parameters_are_allowed(stage: Stage) -> None:
    ada = await stage.person("Ada")
    letters = 4000  # of seventeen values each
    async with stage.app.storage.work() as work:
        reader = await work.get(Person, ada.id)
        await post(work, reader.community_id, *(_letter(number, reader) for number in range(letters)))
        assert len(await work.all(select(Letter.id))) == letters


def _letter(number: int, reader: Person) -> NewLetter:
    return NewLetter(key=f"key-{number}", kind=LetterKind.NEWS, to=reader, message=message(_("News.")))


async def _names(work: Work, numbers: range | list[int]) -> list[str]:
    found = select(Person.name).where(work.among(Person.id, numbers)).order_by(Person.id)
    return list(await work.all(found))
