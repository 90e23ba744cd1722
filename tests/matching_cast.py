"""Applicants for tests of matching and publishing, made at once and without forms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.domain import (
    Application,
    ApplicationState,
    Cohort,
    CohortState,
    Duty,
    Enrollment,
    Event,
    Exclusion,
    Letter,
    LetterKind,
    Member,
    Pairing,
    PairingState,
    Person,
    Role,
    Wanted,
)
from tests.stage import Actor, Stage


@dataclass
class Cast:
    """A cohort that is being matched, with its coordinator and its applicants by name."""

    stage: Stage
    cohort: Cohort
    olga: Actor
    people: dict[str, Actor] = field(default_factory=dict)

    async def applies(
        self,
        name: str,
        wanted: Wanted,
        *,
        wishes: Sequence[str] = (),
        offers: Sequence[str] = (),
        places: int = 1,
        zone: str = "America/New_York",
        late: bool = False,
        **said: Any,
    ) -> Actor:
        """Somebody and their application; `said` are columns of the person."""
        actor = self.stage.people.get(name) or await self.stage.person(name, zone=zone)
        async with self.stage.app.storage.work() as work:
            person = await work.get(Person, actor.id)
            for column, value in said.items():
                setattr(person, column, value)
            work.add(
                Application(
                    cohort_id=self.cohort.id,
                    person_id=actor.id,
                    wanted=wanted,
                    wishes=list(wishes),
                    offers=list(offers),
                    places=places,
                    late=late,
                    state=ApplicationState.ACCEPTED if late else ApplicationState.SENT,
                    sent_at=work.now,
                )
            )
        self.people[name] = actor
        return actor

    async def mentee(self, name: str, *wishes: str, **said: Any) -> Actor:
        return await self.applies(name, Wanted.MENTEE, wishes=wishes or ("cataloging",), **said)

    async def mentor(self, name: str, *offers: str, **said: Any) -> Actor:
        return await self.applies(name, Wanted.MENTOR, offers=offers or ("cataloging",), **said)

    async def exclude(self, one: Actor, other: Actor, *, private: bool = True) -> None:
        async with self.stage.app.storage.work() as work:
            work.add(Exclusion(person_id=one.id, other_id=other.id, private=private))

    async def matched(self) -> None:
        """Pairs are proposed, and the result has arrived."""
        await self.olga.types("/cohort match")
        assert "I am forming the pairs" in self.olga.text, self.olga.text
        await self.stage.pulse()

    async def published(self) -> None:
        await self.matched()
        await self.olga.types("/cohort review")
        await self.olga.types("/cohort publish")
        await self.olga.presses("Publish")
        assert "published" in self.olga.text, self.olga.text

    async def pairs(self, *states: PairingState) -> set[tuple[str, str]]:
        """Names of mentee and mentor of every pairing in these states, or of all."""
        names = {actor.id: name for name, actor in self.people.items()}
        wanted = [pairing.id for pairing in await self.rows(Pairing) if not states or pairing.state in states]
        async with self.stage.app.storage.reading() as work:
            members = await work.all(select(Member).where(Member.pairing_id.in_(wanted)))
        people = {(member.pairing_id, member.role): names[member.person_id] for member in members}
        return {(people[number, Role.MENTEE], people[number, Role.MENTOR]) for number in wanted}

    async def rows(self, model: Any) -> list[Any]:
        """Every row of a table, by number."""
        async with self.stage.app.storage.reading() as work:
            return list(await work.all(select(model).order_by(model.id)))

    async def enrollment(self, actor: Actor, role: str = "") -> Enrollment:
        found = [row for row in await self.rows(Enrollment) if row.person_id == actor.id]
        return next(row for row in found if not role or row.role.value == role)

    async def letters(self, kind: LetterKind) -> list[Letter]:
        return [letter for letter in await self.rows(Letter) if letter.kind is kind]

    async def kinds(self) -> list[str]:
        return [event.kind for event in await self.rows(Event)]

    async def fresh(self) -> Cohort:
        """The cohort as it is now."""
        async with self.stage.app.storage.reading() as work:
            return await work.get(Cohort, self.cohort.id)


async def cast(stage: Stage, **cohort: Any) -> Cast:
    """A cohort in matching with a coordinator and nobody else."""
    found = await stage.cohort(**{"state": CohortState.MATCHING, **cohort})
    return Cast(stage, found, await stage.person("Olga", Duty.COORDINATOR, zone="America/Chicago"))
