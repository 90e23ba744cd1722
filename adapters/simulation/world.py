"""The community that is played: who is in its team, who applies, and where its people meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from adapters.simulation.agenda import Act, Agenda, PlayedClock, after
from adapters.simulation.asking import PLATFORM, SPACE, Asking
from adapters.simulation.deliver import Mail, Postbox
from adapters.simulation.people import Bond, Resident, invent
from adapters.simulation.temper import EAGER, TEMPERS, Temper, drawn
from bot.app import App
from bot.domain import Account, Channel, Community, Duty, Person, Space, TeamMember
from bot.programs import Dates
from bot.storage.work import Work

ZONE = "America/Chicago"
CALL, LIAISONS = "mentoring", "mentoring-liaisons"
"""The channels."""

PAIRS_A_LIAISON = 12
WITHOUT_MENTOR = 0.1
"""So many more mentees than places apply."""

CAPACITIES = {1: 75, 2: 20, 3: 5}
"""How many mentees mentors take, in shares of a hundred."""

BOTH = 0.08
"""The share of mentors who would like a mentor too."""


class Unplayable(Exception):  # noqa: N818 - a fact about the set-up, not an error of ours
    """There is no such program, or somebody lives in the database. Its words: one line for whoever runs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be played; `tempers` is the table that people are drawn from."""

    template: str = "alcts"
    pairs: int = 41
    seed: int = 1
    tempers: Sequence[Temper] = TEMPERS


@dataclass(slots=True)
class World:
    """Everything that the people of one simulation share."""

    plan: Plan
    app: App
    clock: PlayedClock
    box: Postbox
    agenda: Agenda
    asking: Asking
    rng: Random
    coordinator: Resident
    liaisons: Sequence[Resident]
    applicants: Sequence[Resident]
    residents: dict[str, Resident] = field(default_factory=dict)
    bonds: dict[str, Bond] = field(default_factory=dict)
    applied: list[Resident] = field(default_factory=list)
    call: Mail | None = None
    dates: Dates | None = None
    quiet: frozenset[date] = frozenset()
    is_announced: bool = False
    proof: str = ""

    @property
    def now(self) -> datetime:
        """The present as aware UTC."""
        return self.clock.now()

    def later(self, who: Resident, hours: float, act: Act) -> None:
        """Somebody does something about so many hours from now, while they are awake."""
        self.agenda.add(after(self.now, hours, who.zone, rng=who.rng), act)

    def days(self) -> Dates:
        """The cohort's dates. Raises RuntimeError before there is a cohort."""
        if self.dates is None:
            raise RuntimeError("there is no cohort yet")
        return self.dates


def people(plan: Plan) -> tuple[Resident, list[Resident], list[Resident]]:
    """The coordinator, the liaisons and everybody who is going to apply; the same for the same plan."""
    rng = Random(plan.seed)
    count = max(1, round(plan.pairs / PAIRS_A_LIAISON))
    team = [invent(number, plan.seed, EAGER, rng=rng) for number in range(1 + count)]
    for one in team:
        one.zone = ZONE
    applicants = _applicants(plan, rng, first=len(team))
    rng.shuffle(applicants)
    return team[0], team[1:], applicants


def _applicants(plan: Plan, rng: Random, *, first: int) -> list[Resident]:
    """Mentors with exactly as many places as there shall be pairs, and some more mentees than that."""
    found: list[Resident] = []
    places = plan.pairs
    while places:
        drawn_places = rng.choices(list(CAPACITIES), list(CAPACITIES.values()))[0] if found else 2
        mentor = invent(first + len(found), plan.seed, drawn(rng, plan.tempers), rng=rng)
        mentor.places = min(drawn_places, places)
        mentor.wanted = "both" if found and rng.random() < BOTH else "mentor"
        places -= mentor.places
        found.append(mentor)
    both = sum(one.wanted == "both" for one in found)
    for _mentee in range(plan.pairs + max(1, round(plan.pairs * WITHOUT_MENTOR)) - both):
        mentee = invent(first + len(found), plan.seed, drawn(rng, plan.tempers), rng=rng)
        mentee.wanted = "mentee"
        found.append(mentee)
    return found


async def settle(world: World) -> None:
    """What there is before the program begins: a community with two channels, and its coordinator.

    Everybody else arrives with their first word, as on a platform. Raises Unplayable for a database that is in use.
    """
    everybody = (world.coordinator, *world.liaisons, *world.applicants)
    world.residents.update({one.user: one for one in everybody})
    async with world.app.storage.work() as work:
        if await work.first(select(Space.id)) is not None:
            raise Unplayable("Somebody lives in this database already. A simulation needs an empty one of its own.")
        await _found(work, world.coordinator)


async def _found(work: Work, coordinator: Resident) -> None:
    community = Community(name="Library Mentoring (simulation)", zone=ZONE, created_at=work.now)
    work.add(community)
    await work.flush()
    space = Space(community_id=community.id, platform=PLATFORM, external=SPACE, name=community.name)
    founder = Person(community_id=community.id, name=coordinator.name, zone=coordinator.zone, created_at=work.now)
    work.add(space, founder)
    await work.flush()
    work.add(
        Account(space_id=space.id, user=coordinator.user, person_id=founder.id),
        TeamMember(community_id=community.id, person_id=founder.id, duty=Duty.COORDINATOR, since=work.now),
        Channel(space_id=space.id, conversation=f"C-{CALL}", name=CALL, private=False),
        Channel(space_id=space.id, conversation=f"C-{LIAISONS}", name=LIAISONS, private=True),
    )


def holidays(dates: Dates) -> frozenset[date]:
    """December 24 to January 2, wherever the program lies across them."""
    eves = (date(year, 12, 24) for year in range(dates.starts_on.year, dates.ends_on.year + 1))
    days = (eve + timedelta(days=ahead) for eve in eves for ahead in range(10))
    return frozenset(day for day in days if dates.starts_on <= day <= dates.ends_on)
