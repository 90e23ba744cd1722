"""Bringing the two of a pair together: a place for them, and the letter that introduces them there.

Two who write to the bot in different chats can share no place: each of them is introduced alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from bot import programs
from bot.domain import Account, Cohort, Letter, LetterKind, LetterState, Pairing, Person, Place, Role, Space
from bot.domain.rhythm import decent_for_all
from bot.services import cohort_people, proposals
from bot.services.places import places_for
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import introduction as texts


async def introduce(
    work: Work, cohort: Cohort, pairings: Sequence[Pairing], *, space: int, helpers: Mapping[int, Person]
) -> None:
    """Open a place for each pair and introduce its people there, one letter a place.

    `pairings` are loaded with their members, people and common ground. `helpers` are those to turn to, by pairing: the
    liaison, or a coordinator.
    """
    places = await _places(work, pairings, space=space)
    letters: dict[int, NewLetter] = {}
    apart: list[NewLetter] = []
    for pairing in pairings:
        place, helper = places.get(pairing.id), helpers[pairing.id]
        pairing.introduced_at = _hour(pairing, cohort, now=work.now)
        if place is None:
            apart += _apart(pairing, key=_key(pairing), helper=helper)
            continue
        pairing.place_id = place.id
        letters.setdefault(place.id, _letter(pairing, place, key=_key(pairing), helper=helper))
    await post(work, cohort.community_id, *letters.values(), *apart)


async def resume(work: Work, pairing: Pairing) -> None:
    """Introduce a pair after all, whose introduction was taken back before it arrived (loaded with members and people).

    What was taken back has lost its words and used its key, so it is written anew, under a key that names the old one.
    """
    earlier = select(Letter).where(Letter.about == _about(pairing), Letter.kind == LetterKind.INTRODUCTION)
    newest = await work.first(earlier.order_by(Letter.id.desc()))
    if newest is None or newest.state not in (LetterState.WITHDRAWN, LetterState.EXPIRED):
        return
    cohort, place = pairing.cohort, await work.find(Place, pairing.place_id)
    await recall(work, pairing)
    pairing.introduced_at = _hour(pairing, cohort, now=work.now)
    helper, key = await helper_of(work, pairing), f"{_key(pairing)}:{newest.id}"
    if place is None:
        letters = _apart(pairing, key=key, helper=helper)
    else:
        letters = [_letter(pairing, place, key=key, helper=helper)]
    await post(work, cohort.community_id, *letters)


async def recall(work: Work, pairing: Pairing) -> None:
    """Load what the two have in common, which is left out where nobody introduces them."""
    await work.session.refresh(pairing, ["common"])


async def newest_space(work: Work, people: Sequence[Person]) -> int:
    """The space in which the last of these people arrived."""
    theirs = select(Account.space_id).where(Account.person_id.in_([person.id for person in people]))
    found = await work.first(theirs.order_by(Account.id.desc()))
    assert found is not None, "people who are here have accounts"
    return found


async def helper_of(work: Work, pairing: Pairing) -> Person:
    """Whom a pair can turn to: its liaison, or a coordinator."""
    found = pairing.liaison or await cohort_people.contact(work, pairing.cohort)
    assert found is not None, "a community has a coordinator"
    return found


def _hour(pairing: Pairing, cohort: Cohort, *, now: datetime) -> datetime:
    rhythm = programs.template(cohort.template).rhythm
    return decent_for_all(now, [person.reader(cohort.quiet) for person in _people(pairing)], rhythm=rhythm)


def _key(pairing: Pairing) -> str:
    return f"introduction:pairing-{pairing.id}"


def _about(pairing: Pairing) -> str:
    return f"pairing:{pairing.id}"


def _letter(pairing: Pairing, place: Place, *, key: str, helper: Person) -> NewLetter:
    """The introduction, at the hour that the pairing says."""
    mentee, mentor = _people(pairing)
    return NewLetter(
        key=key,
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
        about=_about(pairing),
        held_until=pairing.introduced_at,
    )


def _apart(pairing: Pairing, *, key: str, helper: Person) -> list[NewLetter]:
    """The introduction of two who share no chat: a letter to each."""
    mentee, mentor = _people(pairing)
    return [
        NewLetter(
            key=f"{key}:person-{reader.id}",
            kind=LetterKind.INTRODUCTION,
            to=reader,
            message=texts.apart(
                pairing.id,
                reader=reader,
                partner=partner,
                common=proposals.unpack(pairing.common),
                helper=helper,
                begins=reader is mentor,
            ),
            about=_about(pairing),
            held_until=pairing.introduced_at,
        )
        for reader, partner in ((mentee, mentor), (mentor, mentee))
    ]


def _people(pairing: Pairing) -> list[Person]:
    """The members, mentees first."""
    members = sorted(pairing.members, key=lambda member: (member.role is Role.MENTOR, member.id))
    return [member.person for member in members]


async def _places(work: Work, pairings: Sequence[Pairing], *, space: int) -> Mapping[int, Place]:
    """The place of each pairing whose people share a space."""
    homes, left = await _homes(work, pairings)
    spaces = {pairing.id: _home(_people(pairing), homes, left, otherwise=space) for pairing in pairings}
    found = [(pairing, home) for pairing in pairings if (home := spaces[pairing.id]) is not None]
    places = await places_for(work, [(home, _people(pairing)) for pairing, home in found]) if found else []
    return {pairing.id: place for (pairing, _home), place in zip(found, places, strict=True)}


async def _homes(work: Work, pairings: Sequence[Pairing]) -> tuple[Mapping[int, frozenset[int]], frozenset[int]]:
    """The spaces in which each person has an account, and those of them that the bot was taken out of."""
    people = {person.id for pairing in pairings for person in _people(pairing)}
    rows = await work.session.execute(
        select(Account.person_id, Space.id, Space.left_at)
        .join(Space, Account.space_id == Space.id)
        .where(work.among(Account.person_id, people))
        .distinct()
    )
    homes: dict[int, frozenset[int]] = {}
    left: set[int] = set()
    for person, space, left_at in rows:
        homes[person] = homes.get(person, frozenset()) | {space}
        left |= {space} if left_at is not None else set()
    return homes, frozenset(left)


def _home(
    people: Sequence[Person], homes: Mapping[int, frozenset[int]], left: frozenset[int], *, otherwise: int
) -> int | None:
    """Where a pair meets: a space that all of them are in, the publisher's among several; nothing without any.

    One that the bot was taken out of is the last choice: the room waits until it is back.
    """
    shared = frozenset.intersection(*(homes.get(person.id, frozenset()) for person in people))
    return min(shared, key=lambda space: (space in left, space != otherwise, space), default=None)
