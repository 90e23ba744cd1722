"""Pairs by the hundred thousand: one pair is made with care, and copied by INSERT … SELECT."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, String, Table, case, insert, literal, select, text, true
from sqlalchemy import cast as as_type

from benchmarks import databases
from benchmarks.stage import PLATFORM
from bot.domain import (
    Account,
    Cohort,
    CohortState,
    Community,
    Departure,
    Letter,
    LetterKind,
    LetterState,
    Member,
    Nudge,
    Outcome,
    Pairing,
    PairingState,
    Person,
    Place,
    PlaceState,
    Role,
    Space,
)
from bot.domain.base import Base, Number
from bot.domain.instant import Instant
from bot.services import calendar
from bot.storage.engine import open_for_migrations
from bot.storage.work import Storage, Work
from bot.texts.sheet import Topic

FAR = datetime(2030, 1, 1, tzinfo=UTC)
"""When everybody falls due who is not due now."""

LEFT = 20
"""Of so many pairs, in one somebody left and the partner was told."""

B = TypeVar("B", bound=Base)


async def settle(storage: Storage, url: str, *, pairs: int, due: int) -> None:
    """Fill an empty database with pairs that have a past, of which `due` get a letter at the first rhythm day."""
    async with storage.work() as work:
        model = await _model(work)
    engine = open_for_migrations(url)
    async with engine.begin() as connection:
        await connection.run_sync(_copy_pairs, model, pairs - 1, due - 1)
    await databases.count_planner_in(engine)
    await engine.dispose()


@dataclass(frozen=True, slots=True)
class _Model:
    """The first pair, and what hangs on it, by first numbers."""

    community: int
    person: int
    account: int
    place: int
    pairing: int
    member: int
    letter: int
    nudge: int
    departure: int


async def _model(work: Work) -> _Model:
    space = await _space(work)
    cohort = await _added(work, _cohort(work, space.community_id))
    mentor, mentee = [
        await _added(
            work, Person(community_id=space.community_id, name=name, zone="America/Chicago", created_at=work.now)
        )
        for name in ("Ben", "Ada")
    ]
    accounts = [
        await _added(work, Account(space_id=space.id, user=f"U{one.id}", person_id=one.id)) for one in (mentor, mentee)
    ]
    place = await _added(
        work, Place(space_id=space.id, people="1,2", name="pair", conversation="room", state=PlaceState.OPEN)
    )
    pairing = await _added(
        work,
        Pairing(
            cohort_id=cohort.id,
            state=PairingState.ACTIVE,
            place_id=place.id,
            starts_on=cohort.starts_on,
            introduced_at=work.now,
        ),
    )
    members = [
        await _added(work, Member(pairing_id=pairing.id, person_id=one.id, role=role))
        for one, role in ((mentor, Role.MENTOR), (mentee, Role.MENTEE))
    ]
    letters = [await _added(work, _letter(work, person)) for person in (mentor, mentee)]
    nudges = [await _added(work, _nudge(work, *both)) for both in zip(members, letters, strict=True)]
    left = await _added(work, Departure(member_id=members[0].id, tell_at=work.now, told_at=work.now))
    await calendar.plan(work, [mentor.id, mentee.id])
    return _Model(
        space.community_id,
        mentor.id,
        accounts[0].id,
        place.id,
        pairing.id,
        members[0].id,
        letters[0].id,
        nudges[0].id,
        left.id,
    )


async def _space(work: Work) -> Space:
    community = await _added(work, Community(name="A crowd", created_at=work.now))
    return await _added(work, Space(community_id=community.id, platform=PLATFORM, external="crowd", name="A crowd"))


def _cohort(work: Work, community: int) -> Cohort:
    return Cohort(
        community_id=community,
        template="alcts",
        title="Mentoring 2027–28",
        state=CohortState.ACTIVE,
        zone="America/Chicago",
        opens_on=date(2027, 1, 15),
        closes_on=date(2027, 3, 15),
        announced_on=date(2027, 5, 3),
        starts_on=date(2027, 6, 1),
        ends_on=date(2028, 4, 30),
        topics=["cataloging", "publishing"],
        created_at=work.now,
    )


def _letter(work: Work, person: Person) -> Letter:
    return Letter(
        community_id=person.community_id,
        key=f"nudge:person-{person.id}:before",
        kind=LetterKind.NUDGE,
        person_id=person.id,
        held_until=work.now,
        closes_at=FAR,
        state=LetterState.SENT,
        sent_at=work.now,
        conversation=f"dm-{person.id}",
        posted="1",
        created_at=work.now,
    )


def _nudge(work: Work, member: Member, letter: Letter) -> Nudge:
    return Nudge(
        member_id=member.id, period=0, outcome=Outcome.NUDGED, topic=Topic.TALK, letter_id=letter.id, at=work.now
    )


async def _added(work: Work, row: B) -> B:
    work.add(row)
    await work.flush()
    return row


def _copy_pairs(connection: Connection, model: _Model, pairs: int, due: int) -> None:
    """The same pair again and again: whoever comes first falls due with it, everybody else much later."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # the keys are right: check none
    copy = _Copies(connection, pairs)
    for second in (0, 1):
        person, letter = model.person + second, model.letter + second
        copy.row(
            Person,
            person,
            step=2,
            next_letter_at=case((copy.i <= due, _of(Person, "next_letter_at")), else_=literal(FAR, Instant())),
        )
        copy.row(
            Account,
            model.account + second,
            step=2,
            user="U" + _text(person + 2 * copy.i),
            person_id=person + 2 * copy.i,
        )
        copy.row(
            Letter,
            letter,
            step=2,
            person_id=person + 2 * copy.i,
            key="before:" + _text(person + 2 * copy.i),
            conversation="dm-" + _text(person + 2 * copy.i),
        )
    copy.row(Place, model.place, people=_text(copy.i), conversation="room-" + _text(copy.i))
    copy.row(Pairing, model.pairing, place_id=model.place + copy.i)
    for second in (0, 1):
        copy.row(
            Member,
            model.member + second,
            step=2,
            pairing_id=model.pairing + copy.i,
            person_id=model.person + second + 2 * copy.i,
        )
        copy.row(
            Nudge,
            model.nudge + second,
            step=2,
            member_id=model.member + second + 2 * copy.i,
            letter_id=model.letter + second + 2 * copy.i,
        )
    copy.row(Departure, model.departure, most=pairs // LEFT, member_id=model.member + 2 * (pairs + 1 - copy.i))


class _Copies:
    """Copies rows so many times. What changes from copy to copy is an expression of `i`, which counts from one."""

    def __init__(self, connection: Connection, times: int) -> None:
        self._connection = connection
        first = select(literal(1, Number).label("i")).cte("copies", recursive=True)
        self._numbers = first.union_all(select(first.c.i + 1).where(first.c.i < times))
        self._times = times
        self.i: ColumnElement[int] = self._numbers.c.i

    def row(
        self, model: type[Base], number: int, *, step: int = 1, most: int | None = None, **changed: ColumnElement[Any]
    ) -> None:
        """Copy the row with this number, `most` times if that is fewer; the copies' numbers go up by `step`."""
        table = cast(Table, model.__table__)
        values = {column.name: changed.get(column.name, column) for column in table.columns}
        values["id"] = number + step * self.i
        rows = select(*values.values()).select_from(table.join(self._numbers, true()))
        rows = rows.where(table.c.id == number, self.i <= (self._times if most is None else most))
        self._connection.execute(insert(table).from_select(list(values), rows))
        if self._connection.dialect.name == "postgresql":
            name = table.name
            self._connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
            )


def _of(model: type[Base], name: str) -> ColumnElement[Any]:
    return cast(Table, model.__table__).c[name]


def _text(number: ColumnElement[int]) -> ColumnElement[str]:
    return as_type(number, String)
