"""When invented people act."""

from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from adapters.simulation.agenda import MINUTES, SLEEPS, WAKES, Agenda, PlayedClock, waking
from adapters.simulation.people import ZONES, invent
from adapters.simulation.temper import EAGER, TEMPERS

NOON = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)


async def test_the_earliest_comes_first_and_of_the_same_moment_the_first_that_was_planned() -> None:
    clock = PlayedClock(NOON)
    agenda, done = Agenda(clock), list[str]()

    async def do(what: str) -> None:
        done.append(what)

    for minutes, what in ((20, "later"), (10, "first"), (10, "second"), (-60, "overdue")):
        agenda.add(NOON + timedelta(minutes=minutes), partial(do, what))
    for minutes in (0, 10, 15):
        clock.set(NOON + timedelta(minutes=minutes))
        for act in agenda.due():
            await act()

    assert done == ["overdue", "first", "second"]
    assert agenda.next_at == NOON + timedelta(minutes=20)


@given(
    some.datetimes(datetime(2027, 1, 1), datetime(2028, 6, 1)),  # noqa: DTZ001 - the zone is added below
    some.sampled_from(sorted(ZONES)),
    some.integers(),
)
def test_people_act_while_they_are_awake_and_soon(at: datetime, zone: str, seed: int) -> None:
    moment = at.replace(tzinfo=UTC)
    acts = waking(moment, zone, Random(seed))
    here = acts.astimezone(ZoneInfo(zone))

    assert WAKES <= here.hour <= SLEEPS
    assert here.minute % MINUTES == 0
    assert timedelta() < acts - moment < timedelta(hours=13)


def test_every_name_is_somebodys_alone() -> None:
    people = [invent(number, 1, EAGER, rng=Random(1)) for number in range(30_000)]

    assert len({who.name for who in people}) == len({who.user for who in people}) == 30_000


def test_the_tempers_are_shares_of_a_hundred() -> None:
    assert sum(temper.share for temper in TEMPERS) == 100
    assert all(0 <= share <= 1 for temper in TEMPERS for share in (temper.reads, temper.answers, temper.notes))
