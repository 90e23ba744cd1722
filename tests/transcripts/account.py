"""What a replay has come to, in the terms of no platform: whose pairs stand where, what they did, what they were told.

Numbers, instants and everything that platforms call things are left out: two faces agree if their accounts are equal.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.domain import (
    Application,
    Channel,
    CheckIn,
    Cohort,
    Enrollment,
    Event,
    Goal,
    Letter,
    Member,
    Pairing,
    Person,
    Place,
    TeamMember,
)
from bot.storage.work import Storage, Work

ZONE_ASKED = "person.quiet_hours"
"""Discord tells nobody's zone, so that people say it there where they choose hours."""

Account = dict[str, list[str]]


class Telling:
    """Names instead of numbers."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.people: dict[int | None, str] = {}
        self.members: dict[int | None, str] = {}
        self.pairs: dict[int | None, str] = {}
        self.rooms: dict[int | None, str] = {}
        self.channels: dict[int | None, str] = {}
        self.cohorts: dict[int | None, str] = {}

    async def all(self) -> Account:
        """The whole account, each part in the order of its words."""
        await self._learn_names()
        parts = {
            "team": await self._team(),
            "cohorts": [f"{one.title}: {one.state}" for one in await self.work.all(select(Cohort))],
            "applications": await self._applications(),
            "pairs": await self._pairs(),
            "goals": await self._goals(),
            "check-ins": await self._check_ins(),
            "letters": await self._letters(),
            "events": await self._events(),
        }
        return {name: sorted(lines) for name, lines in parts.items()}

    async def _learn_names(self) -> None:
        self.people = {one.id: one.name for one in await self.work.all(select(Person))}
        self.cohorts = {one.id: one.title for one in await self.work.all(select(Cohort))}
        self.channels = {one.id: one.name for one in await self.work.all(select(Channel))}
        self.members = {one.id: self.people[one.person_id] for one in await self.work.all(select(Member))}
        pairings = await self.work.all(select(Pairing).options(selectinload(Pairing.members)))
        self.pairs = {one.id: " and ".join(self.members[m.id] for m in one.members) for one in pairings}
        for place in await self.work.all(select(Place)):
            self.rooms[place.id] = " and ".join(sorted(self.people[int(one)] for one in place.people.split(",")))

    async def _team(self) -> list[str]:
        return [f"{self.people[one.person_id]}: {one.duty}" for one in await self.work.all(select(TeamMember))]

    async def _applications(self) -> list[str]:
        sent = [
            f"{self.people[one.person_id]} as {one.wanted}: {one.state}, {one.wishes} {one.offers} {one.places}"
            for one in await self.work.all(select(Application))
        ]
        roles = await self.work.all(select(Enrollment))
        return sent + [f"{self.people[one.person_id]}, {one.role} of {one.capacity}: {one.state}" for one in roles]

    async def _pairs(self) -> list[str]:
        return [
            f"{self.pairs[one.id]} with {self.people.get(one.liaison_id)}: {one.state}, {one.starts_on} – {one.ends_on}"
            for one in await self.work.all(select(Pairing))
        ]

    async def _goals(self) -> list[str]:
        return [
            f"{self.pairs[one.pairing_id]}, by {self.members[one.written_by_id]}: {one.title} ({one.state})"
            for one in await self.work.all(select(Goal))
        ]

    async def _check_ins(self) -> list[str]:
        return [
            f"{self.pairs[one.pairing_id]}, {self.members[one.logged_by_id]}: {one.talked_on} {one.way} {one.minutes}"
            for one in await self.work.all(select(CheckIn))
        ]

    async def _letters(self) -> list[str]:
        found = Counter(f"{self._to(one)}: {one.kind}, {one.state}" for one in await self.work.all(select(Letter)))
        return [f"{line} × {times}" for line, times in found.items()]

    async def _events(self) -> list[str]:
        found = Counter(
            f"{one.kind} of {self.people.get(one.person_id)}, {self.pairs.get(one.pairing_id)}"
            for one in await self.work.all(select(Event))
            if not _is_founding(one) and one.kind not in (ZONE_ASKED, "rooms.channel")
        )
        return [f"{line} × {times}" for line, times in found.items()]

    def _to(self, letter: Letter) -> str:
        if letter.person_id is not None:
            return self.people[letter.person_id]
        return self.rooms[letter.place_id] if letter.place_id is not None else f"#{self.channels[letter.channel_id]}"


def _is_founding(event: Event) -> bool:
    """Whoever comes to the sandbox first coordinates; elsewhere an admin begins by a command."""
    return event.kind == "team.added" and event.facts.get("person") == event.person_id


async def account_of(storage: Storage) -> Account:
    """The account of what is in a database."""
    async with storage.reading() as work:
        return await Telling(work).all()


def check_agreement(account: Account, folder: Path, *, transcript: str, face: str) -> None:
    """Leave this account where the other faces find it, and compare it with each that is there already.

    The faces are played by tests of their own, in any order and in several processes: whoever comes later compares.
    """
    (folder / f"{transcript}.{face}.json").write_text(json.dumps(account), encoding="utf-8")
    for path in sorted(folder.glob(f"{transcript}.*.json")):
        other: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        assert not (found := differences(account, other)), f"{face} is not {path.stem}: {found}"


def differences(account: Account, other: Account) -> list[str]:
    """What stands in one account alone."""
    return [
        f"{part}: {sign} {line}"
        for part in sorted({*account, *other})
        for sign, here, there in (("+", account, other), ("-", other, account))
        for line in sorted(set(here.get(part, [])) - set(there.get(part, [])))
    ]
