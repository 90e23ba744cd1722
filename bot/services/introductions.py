"""Bringing the two of a pair together: a place for them, and the letter that introduces them there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot import programs
from bot.domain import Account, Cohort, LetterKind, Pairing, Person, Place, PlaceState, Role
from bot.domain.rhythm import STANDARD, Reader, Rhythm, next_decent
from bot.services import proposals
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import introduction as texts

FAR = timedelta(days=14)
"""How far to look for an hour that is decent for both."""


async def introduce(
    work: Work, cohort: Cohort, pairings: Sequence[Pairing], *, space: int, helpers: Mapping[int, Person]
) -> None:
    """Open a place for each pair and introduce its people there, one letter a place.

    `pairings` are loaded with their members, people and common ground. `helpers` are those to turn to, by pairing: the
    liaison, or a coordinator.
    """
    places = await _places(work, pairings, space=space)
    rhythm = programs.template(cohort.template).rhythm
    letters: dict[int, NewLetter] = {}
    for pairing in pairings:
        place = places[pairing.id]
        at = decent_for_all(work.now, [person.reader(cohort.quiet) for person in _people(pairing)], rhythm=rhythm)
        pairing.place_id, pairing.introduced_at = place.id, at
        letters.setdefault(place.id, _letter(pairing, place, at=at, helper=helpers[pairing.id]))
    await post(work, cohort.community_id, *letters.values())


def decent_for_all(now: datetime, readers: Sequence[Reader], *, rhythm: Rhythm = STANDARD) -> datetime:
    """The first moment decent for everybody; for the first reader alone if their hours do not meet in two weeks."""
    at = now
    while at < now + FAR:
        later = max(next_decent(at, reader, rhythm=rhythm) for reader in readers)
        if later == at:
            return at
        at = later
    return next_decent(now, readers[0], rhythm=rhythm)


def _letter(pairing: Pairing, place: Place, *, at: datetime, helper: Person) -> NewLetter:
    mentee, mentor = _people(pairing)
    return NewLetter(
        key=f"introduction:pairing-{pairing.id}",
        kind=LetterKind.INTRODUCTION,
        to=place,
        message=texts.introduction(
            pairing.id,
            mentee=mentee,
            mentor=mentor,
            common=proposals.unpack(pairing.common),
            helper=helper,
            is_liaison=pairing.liaison_id is not None,
        ),
        about=f"pairing:{pairing.id}",
        held_until=at,
    )


def _people(pairing: Pairing) -> list[Person]:
    """The members, mentees first."""
    members = sorted(pairing.members, key=lambda member: (member.role is Role.MENTOR, member.id))
    return [member.person for member in members]


async def _places(work: Work, pairings: Sequence[Pairing], *, space: int) -> Mapping[int, Place]:
    """The place of each pairing: what `places.place_for` does for one, for all in a handful of statements."""
    spaces = await _spaces(work, pairings, otherwise=space)
    wanted = {pairing.id: (spaces[pairing.id], _key(_people(pairing))) for pairing in pairings}
    rows = [
        {
            "space_id": spaces[pairing.id],
            "people": _key(_people(pairing)),
            "name": " and ".join(person.name for person in _people(pairing))[:100],
            "conversation": "",
            "state": PlaceState.WANTED,
        }
        for pairing in pairings
    ]
    await work.insert_once(Place, rows, unique=["space_id", "people"])
    here = work.among(Place.space_id, {space for space, _people in wanted.values()})
    theirs = work.among(Place.people, {people for _space, people in wanted.values()})
    found = await work.all(select(Place).where(here, theirs))
    places = {(place.space_id, place.people): place for place in found}
    work.wakes = True
    return {number: places[key] for number, key in wanted.items()}


async def _spaces(work: Work, pairings: Sequence[Pairing], *, otherwise: int) -> Mapping[int, int]:
    """Where each pair meets: the space in which most of its people have accounts, the publisher's among equals."""
    people = {person.id for pairing in pairings for person in _people(pairing)}
    rows = await work.session.execute(
        select(Account.person_id, Account.space_id).where(work.among(Account.person_id, people)).distinct()
    )
    homes: dict[int, set[int]] = {}
    for person, space in rows:
        homes.setdefault(person, set()).add(space)
    return {pairing.id: _home(_people(pairing), homes, otherwise=otherwise) for pairing in pairings}


def _home(people: Sequence[Person], homes: Mapping[int, set[int]], *, otherwise: int) -> int:
    there = Counter(space for person in people for space in sorted(homes.get(person.id, ())))
    return max(sorted(there), key=lambda space: (there[space], space == otherwise), default=otherwise)


def _key(people: Sequence[Person]) -> str:
    return ",".join(str(number) for number in sorted(person.id for person in people))
