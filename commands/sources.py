"""The named queries behind fields. Each alone decides which values a person may give: ownership is checked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select

from bot.domain import ENDED, LIVE, OVER, Channel, Cohort, Duty, Goal, GoalState, Member, Pairing, Person, Space
from bot.domain.zones import matching_zones, zone_label
from bot.storage import queries
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.ui import All, Answer, Button, Choice, Who, Words, _
from commands.spec import Me, Source
from commands.status import no_pair


def number(value: str) -> int | None:
    """A row's number from a button or field; nothing for what was made up."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


async def _my_pairs(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    pairings = await queries.live_pairings(work, me.person.id)
    if me.place is not None and any(pairing.place_id == me.place.id for pairing in pairings):
        pairings = [pairing for pairing in pairings if pairing.place_id == me.place.id]
    named = ((pairing, pairing.partner(me.person.id).person) for pairing in pairings)
    return [
        Choice(str(pairing.id), partner.name) for pairing, partner in named if typed.lower() in partner.name.lower()
    ]


async def _my_pair(work: Work, me: Me, value: str) -> Pairing | None:
    pairing = await queries.pairing(work, number(value) or 0)
    if pairing is None or pairing.state not in LIVE:
        return None
    return pairing if any(member.person_id == me.person.id for member in pairing.members) else None


MY_PAIRS = Source("my pairs", _my_pairs, _my_pair, refuse=no_pair)
"""Pairings that I am a member of and that go on; typed in a pair's own place, that pair alone."""


async def _read_pairs(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    going_on = await _my_pairs(work, me, typed, answers)
    if going_on:
        return going_on
    ended = await work.all(
        select(Pairing)
        .join(Member, Member.pairing_id == Pairing.id)
        .where(Member.person_id == me.person.id, Pairing.state.in_(OVER))
        .order_by(Pairing.id.desc())
        .limit(MOST_CHOICES)
        .options(*queries.with_members())
    )
    named = ((pairing, pairing.partner(me.person.id).person) for pairing in ended)
    return [Choice(str(pair.id), partner.name) for pair, partner in named if typed.lower() in partner.name.lower()]


async def _read_pair(work: Work, me: Me, value: str) -> Pairing | None:
    pairing = await queries.pairing(work, number(value) or 0)
    if pairing is None or pairing.state not in LIVE | OVER:
        return None
    return pairing if any(member.person_id == me.person.id for member in pairing.members) else None


READ_PAIRS = Source("my pairs, also those that ended", _read_pairs, _read_pair, refuse=no_pair)
"""Pairings whose talks I may read: mine, and once there are no others those that have ended."""


async def _my_goals(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    goals = await work.all(
        select(Goal)
        .join(Member, Member.pairing_id == Goal.pairing_id)
        .join(Pairing, Pairing.id == Goal.pairing_id)
        .where(Member.person_id == me.person.id, Pairing.state.in_(LIVE), Goal.state == GoalState.OPEN)
        .order_by(Goal.id)
        .limit(MOST_CHOICES)
    )
    return [Choice(str(goal.id), goal.title[:75]) for goal in goals if typed.lower() in goal.title.lower()]


async def _my_goal(work: Work, me: Me, value: str) -> Goal | None:
    return await work.first(
        select(Goal)
        .join(Member, Member.pairing_id == Goal.pairing_id)
        .where(Goal.id == (number(value) or 0), Member.person_id == me.person.id)
    )


MY_GOALS = Source("my goals", _my_goals, _my_goal)
"""Open goals of my pairs; any goal of my pairs can be named."""


async def _zones(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    return [Choice(zone, zone_label(zone)) for zone in matching_zones(typed)[:MOST_CHOICES]] if typed else []


async def _zone(work: Work, me: Me, value: str) -> str | None:
    found = matching_zones(value)
    return found[0] if len(found) == 1 else None


ZONES = Source("zones", _zones, _zone)
"""Time zones by search."""


async def _people(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    found = await work.all(
        select(Person)
        .where(Person.community_id == me.community.id, Person.name.icontains(typed, autoescape=True))
        .order_by(Person.name, Person.id)
        .limit(MOST_CHOICES)
    )
    names = Counter(person.name.casefold() for person in found)
    return [Choice(str(one.id), _apart(one, me) if names[one.name.casefold()] > 1 else one.name) for one in found]


def _apart(person: Person, me: Me) -> str:
    """One of several people with the same name, by their mail address: only coordinators read those."""
    return f"{person.name} ({person.mail})" if person.mail and Duty.COORDINATOR in me.duties else person.name


async def _person(work: Work, me: Me, value: str) -> Person | None:
    found = await queries.people_called(work, me.community.id, value.removeprefix("@"))
    return found[0] if len(found) == 1 else None


PEOPLE = Source("people", _people, _person)
"""Everybody in the community, by name."""


async def _others(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    return [choice for choice in await _people(work, me, typed, answers) if choice.value != str(me.person.id)]


OTHERS = Source("others", _others, _person)
"""Everybody in the community but me."""


async def _others_than_them(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    return [choice for choice in await _people(work, me, typed, answers) if choice.value != answers.get("person")]


OTHERS_THAN_THEM = Source("others than them", _others_than_them, _person)
"""Everybody in the community but the person that a form is about."""


async def _channels(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    rows = await work.session.execute(
        select(Channel, Space)
        .join(Space, Channel.space_id == Space.id)
        .where(Space.community_id == me.community.id, Channel.left_at.is_(None))
        .where(Channel.name.icontains(typed.removeprefix("#"), autoescape=True))
        .order_by(Space.id != me.space.id, Space.id, Channel.name)
        .limit(MOST_CHOICES)
    )
    return [
        Choice(str(channel.id), channel.name if space.id == me.space.id else f"{channel.name} ({space.name})")
        for channel, space in rows
    ]


async def _channel(work: Work, me: Me, value: str) -> Channel | None:
    found = await work.find(Channel, number(value))
    if found is not None and found.left_at is None:
        space = await work.get(Space, found.space_id)
        if space.community_id == me.community.id:
            return found
    return await queries.channel_called(work, me.space.id, value.removeprefix("#"))


def _no_channel_of_mine(typed: str) -> Words:
    return _(
        "I do not find “{typed}” among the channels that I was invited to. Please invite me there first, or choose "
        "from the list.",
        typed=typed,
    )


CHANNELS = Source(
    "channels",
    _channels,
    _channel,
    none=_("I am not in any channel here yet. Please invite me to one first."),
    unknown=_no_channel_of_mine,
)
"""Channels that the bot may post in."""


PLAN = Button(_("Plan a program"), "cohort create")


async def _cohorts(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    found = await work.all(
        select(Cohort)
        .where(Cohort.community_id == me.community.id, Cohort.state.not_in(ENDED))
        .order_by(Cohort.id.desc())
        .limit(MOST_CHOICES)
    )
    return [Choice(str(cohort.id), cohort.title) for cohort in found if typed.lower() in cohort.title.lower()]


async def _cohort(work: Work, me: Me, value: str) -> Cohort | None:
    found = await work.find(Cohort, number(value))
    return found if found is not None and found.community_id == me.community.id else None


COHORTS = Source(
    "cohorts",
    _cohorts,
    _cohort,
    none=_("There is no cohort yet. A coordinator starts one with “cohort create”."),
    step=PLAN,
)
"""Cohorts of the community that have not ended."""


async def _team_pairs(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    mine = select(Pairing).join(Cohort, Cohort.id == Pairing.cohort_id).where(Cohort.community_id == me.community.id)
    if Duty.COORDINATOR not in me.duties:
        mine = mine.where(Pairing.liaison_id == me.person.id)
    if typed:
        mine = mine.where(Pairing.id.in_(_with_somebody_called(typed)))
    first = mine.where(Pairing.state.in_(LIVE)).order_by(Pairing.id).limit(MOST_CHOICES)
    found = await work.all(first.options(*queries.with_members()))
    return [
        Choice(str(pairing.id), All(tuple(Who(m.person_id, m.person.name) for m in pairing.members)))
        for pairing in found
    ]


def _with_somebody_called(typed: str) -> Select[int]:
    """The pairings of people in whose names this occurs."""
    people = select(Member.pairing_id).join(Person, Person.id == Member.person_id)
    return people.where(Person.name.icontains(typed, autoescape=True))


async def _team_pair(work: Work, me: Me, value: str) -> Pairing | None:
    pairing = await queries.pairing(work, number(value) or 0)
    if pairing is None or pairing.cohort.community_id != me.community.id:
        return None
    if pairing.liaison_id == me.person.id or Duty.COORDINATOR in me.duties:
        return pairing
    return None


TEAM_PAIRS = Source("team pairs", _team_pairs, _team_pair, none=_("No pair is assigned to you at the moment."))
"""Pairs that I look after; a coordinator sees all."""

SOURCES = (MY_PAIRS, READ_PAIRS, MY_GOALS, ZONES, PEOPLE, OTHERS, OTHERS_THAN_THEM, CHANNELS, COHORTS, TEAM_PAIRS)
