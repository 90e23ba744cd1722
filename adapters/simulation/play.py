"""The run: a whole program, from its call to its close, in the order in which things happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from adapters.simulation import reading, talking, team
from adapters.simulation.agenda import Agenda, PlayedClock
from adapters.simulation.asking import PLATFORM, Asking, button
from adapters.simulation.deliver import Mail, Postbox
from adapters.simulation.people import Bond
from adapters.simulation.world import CALL, Plan, World, people, settle
from bot import app
from bot.scheduling.jobs import next_due
from bot.services.computing import in_thread
from commands import CATALOG
from commands.dispatch import Dispatch

START = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
"""A Monday morning in America, some days before the call of the yearly program."""

AFTERWARDS = timedelta(days=8)
"""How long the clock runs on when the program has ended, for its last letters."""

Watch = Callable[[datetime, datetime], None]
"""Is told the present and the end, to show how far it is."""


async def play(plan: Plan, database_url: str, *, watch: Watch = lambda now, end: None) -> World:
    """Play a whole program in an empty database with all its tables. The caller closes `world.app`.

    Raises Unplayable for a database in which somebody lives.
    """
    world = _build(plan, database_url)
    try:
        await settle(world)
        await team.set_up(world)
        end = datetime.combine(world.days().ends_on + AFTERWARDS, START.timetz())
        while world.now < end:
            await _step(world, end)
            watch(world.now, end)
    except BaseException:
        await world.app.close()
        raise
    return world


def _build(plan: Plan, database_url: str) -> World:
    clock = PlayedClock(START)
    box = Postbox(clock)
    built = app.build(database_url, clock, {PLATFORM: box}, compute=in_thread)
    coordinator, liaisons, applicants = people(plan)
    return World(
        plan=plan,
        app=built,
        clock=clock,
        box=box,
        agenda=Agenda(clock),
        asking=Asking(Dispatch(built.storage, CATALOG)),
        rng=Random(plan.seed),
        coordinator=coordinator,
        liaisons=liaisons,
        applicants=applicants,
    )


async def _step(world: World, end: datetime) -> None:
    """Turn the clock to whatever comes first: something that falls due, or somebody who acts."""
    async with world.app.storage.reading() as work:
        due = await next_due(work)
    world.clock.set(max(min(at for at in (due, world.agenda.next_at, end) if at is not None), world.now))
    if due is not None and due <= world.now:
        await world.app.pulse()
    for mail in world.box.take():
        _arrive(world, mail)
    for act in world.agenda.due():
        await act()


def _arrive(world: World, mail: Mail) -> None:
    """Mail lies in front of somebody: of one person, of a pair, or of everybody in a channel."""
    who = world.residents.get(mail.user)
    if mail.receipt.conversation == f"C-{CALL}":
        world.call = mail
    elif mail.receipt.conversation in world.box.rooms:
        _meet(world, mail)
    elif who is world.coordinator or who in world.liaisons:
        assert who is not None, "the team has been settled"
        world.later(who, 4, partial(team.read, world, who, mail))
    elif who is not None:
        reading.expect(world, who, mail)


def _meet(world: World, mail: Mail) -> None:
    """Two people are introduced in a room of their own, or told there that their program has ended."""
    room = mail.receipt.conversation
    found = button(mail.message, "mentor contact")
    if found is None:
        for bond in world.bonds.values():
            bond.is_over = bond.is_over or bond.room == room
        return
    there = tuple(world.residents[user] for user in world.box.rooms[room])
    bond = Bond(found.args["pair"], room, there)
    world.bonds[bond.pair] = bond
    for who in there:
        who.bonds.append(bond)
        reading.expect(world, who, mail)
    talking.begin(world, bond)
