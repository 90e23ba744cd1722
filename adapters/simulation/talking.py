"""What really happens between two people: they talk, write goals and reach them, and tell the bot some of it."""

from __future__ import annotations

from functools import partial

from adapters.simulation.asking import button
from adapters.simulation.people import Bond, Resident
from adapters.simulation.world import World
from bot.ui import Form, Reply

MOST_GOALS = 3
DETAILS, PLANS_GOAL, REACHES = 0.25, 0.12, 0.12
"""How often details are added to a talk, a goal is written after one, and one is reached."""


def begin(world: World, bond: Bond) -> None:
    """The first talk of a pair comes some days after their introduction."""
    world.later(bond.people[0], 24 * bond.days / 2, partial(_talk, world, bond))


def revive(world: World, bond: Bond) -> None:
    """Somebody has asked how the two are, and they find a day to talk."""
    world.later(bond.people[0], 24 * 6, partial(_meet, world, bond))


async def add_details(world: World, who: Resident, shown: Reply) -> None:
    """Now and then somebody adds how they talked, by the button under the noted talk."""
    found = button(shown, "checkin log") or button(shown, "checkin details")
    if found is not None and who.likely(DETAILS):
        form = await world.asking.presses(who, found)
        if isinstance(form, Form):
            await world.asking.sends(who, form, {"minutes": str(who.rng.randrange(20, 90, 5)), "how": "video"})


async def write_goal(world: World, who: Resident, bond: Bond, shown: Reply) -> None:
    """Fill in the form of a goal; where the list is full or asks something else, let it be."""
    if not isinstance(shown, Form):
        return
    answers = {"title": f"Goal {bond.goals + 1} of our pair", "help": "Listen, and ask how it goes."}
    if not isinstance(await world.asking.sends(who, shown, answers), Form):
        bond.goals += 1


async def _talk(world: World, bond: Bond) -> None:
    """Talk, and plan the next time."""
    if bond.is_over or bond.left_by:
        return
    await _meet(world, bond)
    days = max(2.0, bond.days * bond.people[0].rng.gammavariate(4, 0.25))
    world.later(bond.people[0], 24 * days, partial(_talk, world, bond))


async def _meet(world: World, bond: Bond) -> None:
    if bond.is_over or bond.left_by or any(who.user in world.box.closed for who in bond.people):
        return
    bond.talked_at = world.now
    bond.talks += 1
    bond.told.clear()
    for who in bond.people:
        if who.likely(who.temper.notes):
            world.later(who, 3, partial(_note, world, who, bond))
    who = bond.people[bond.talks % len(bond.people)]
    if who.likely(PLANS_GOAL * who.temper.goals) and bond.goals < MOST_GOALS:
        await write_goal(world, who, bond, await world.asking.types(who, f"/goals set pair:{bond.pair}"))
    elif bond.goals and who.likely(REACHES):
        await _reach(world, who)


async def _note(world: World, who: Resident, bond: Bond) -> None:
    """Type that a talk took place, and when, if this person has not told the bot meanwhile."""
    if not bond.has_news(who) or not bond.goes_on(who) or who.user in world.box.closed:
        return
    bond.tell(who)
    typed = f"/checkin log pair:{bond.pair} date:{bond.talked_on(who)} minutes:{who.rng.randrange(20, 90, 5)}"
    await add_details(world, who, await world.asking.types(who, typed))


async def _reach(world: World, who: Resident) -> None:
    shown = await world.asking.types(who, "/goals done")
    found = button(shown, "goals done")
    if found is not None:
        await world.asking.presses(who, found)
