"""/cohort team: coordinators, liaisons and the committee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain import Duty, Person, TeamMember
from bot.services import arrivals, changes, team
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.texts import team as texts
from bot.ui import Answer, Choice, Field, Kind, Message, Reply, Run, _
from commands.sources import number
from commands.spec import Command, Me, Refused, Source, command

COORDINATOR = (Duty.COORDINATOR,)


async def _find(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    rows = await team.listed(work, me.community)
    found = [
        Choice(str(member.id), _("{person}: {group}", person=texts.who(person), group=texts.DUTIES[member.duty]))
        for member, person in rows
        if typed.lower() in person.name.lower()
    ]
    return found[:MOST_CHOICES]


async def _load(work: Work, me: Me, value: str) -> TeamMember | None:
    found = await work.find(TeamMember, number(value))
    return found if found is not None and found.community_id == me.community.id else None


MEMBERS = Source("team members", _find, _load)
"""Duties of people in the team."""


@command("cohort team", _("See who runs the program"), team=COORDINATOR, reads=True)
async def show(work: Work, me: Me) -> Message:
    """The team, with buttons to change it."""
    return texts.listed(await team.listed(work, me.community))


@command(
    "cohort team add",
    _("Add somebody to the team"),
    Field(
        "duty",
        _("What will they be?"),
        Kind.ONE,
        (
            Choice(Duty.COORDINATOR, _("A coordinator")),
            Choice(Duty.LIAISON, _("A liaison")),
            Choice(Duty.COMMITTEE, _("In the committee")),
        ),
        tap=True,
    ),
    Field("person", _("Who?"), Kind.PERSON, source="people", hint=_("They hear from me what that means.")),
    team=COORDINATOR,
)
async def add(work: Work, me: Me, duty: str, person: Person) -> Message:
    """Give somebody a duty."""
    given = Duty(duty)
    if await team.has(work, person, given):
        raise Refused(
            _(
                "{person} is on that list already. {team} shows everybody.",
                person=texts.who(person),
                team=Run("cohort team"),
            ),
            field="person",
        )
    if not await arrivals.is_here(work, person):
        raise Refused(
            _("{person} has not joined this chat yet. Please add {person} after that.", person=texts.who(person)),
            field="person",
        )
    event = await team.add(work, person, given, by=me.person)
    return texts.added(person, given, event, await changes.until(work, event))


@command(
    "cohort team remove",
    _("Take somebody off the team"),
    Field("member", _("Who, from which list?"), Kind.ONE, source="team members"),
    team=COORDINATOR,
)
async def remove(work: Work, me: Me, member: TeamMember) -> Reply:
    """Take a duty away."""
    if await team.is_last_coordinator(work, member):
        raise Refused(
            _(
                "A program needs at least one coordinator. Please name another one first: {add}.",
                add=Run("cohort team add"),
            )
        )
    person, duty = await work.get(Person, member.person_id), member.duty
    pairs = len(await team.pairs_of(work, member))
    event = await team.remove(work, member, person, by=me.person)
    if person.id == me.person.id and duty is Duty.COORDINATOR:
        return texts.left_myself(duty)
    return texts.removed(person, duty, event, await changes.until(work, event), pairs=pairs)


COMMANDS: tuple[Command, ...] = (show, add, remove)
SOURCES = (MEMBERS,)
