"""The coordinator and the liaisons at work: they set the program up, and do what the bot asks them to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from adapters.simulation import applying, reading, talking
from adapters.simulation.asking import button, buttons, sentence
from adapters.simulation.deliver import Mail
from adapters.simulation.people import Resident
from adapters.simulation.world import CALL, LIAISONS, World, holidays
from bot.programs import Dates
from bot.ui import Button, Form, Reply

ACCEPTS, HELPS = 0.7, 0.6
"""How often a late application is accepted, and how often a liaison's word brings two people to talk."""


async def set_up(world: World) -> None:
    """The team arrives, gets its duties, and plans the program; its call is posted on its day."""
    lead, ask = world.coordinator, world.asking
    for liaison in world.liaisons:
        await ask.types(liaison, "/mentor help")
        await ask.types(lead, f'/cohort team add duty:liaison person:"{liaison.name}"')
    await ask.types(lead, f"/liaison channel channel:{LIAISONS}")
    form = await ask.types(lead, f"/cohort create template:{world.plan.template}")
    if not isinstance(form, Form):
        raise RuntimeError("the bot does not let the coordinator plan a cohort")
    await _plan(world, form)
    preview = await ask.types(lead, f"/cohort open channel:{CALL}")
    await _press(world, lead, button(preview, "cohort prepare") or button(preview, "cohort post"))
    applying.plan(world)
    reading.vanish(world)
    day = datetime.combine(world.days().announced_on, time(10), ZoneInfo(lead.zone))
    world.agenda.add(day.astimezone(world.now.tzinfo), partial(_announce, world))


async def read(world: World, who: Resident, mail: Mail) -> None:
    """Somebody of the team opens a letter and does what it asks for."""
    for run in dict.fromkeys(one.run for one in buttons(mail.message)):
        duty, found = _DUTIES.get(run), button(mail.message, run)
        if duty is not None and found is not None:
            await duty(world, who, found, mail)
            return


async def _plan(world: World, form: Form) -> None:
    """Take the dates that the program proposes, and keep the holidays quiet."""
    days = {name: datetime.fromisoformat(str(form.values[name])).date() for name in Dates.__dataclass_fields__}
    world.dates = Dates(**days)
    world.quiet = holidays(world.dates)
    spans = f"{min(world.quiet)} to {max(world.quiet)}" if world.quiet else ""
    await world.asking.sends(world.coordinator, form, {"quiet_days": spans})


async def _announce(world: World) -> None:
    world.is_announced = True
    await _publish(world)


async def _publish(world: World) -> None:
    """Publish the proposed pairs; where they are outdated or not looked at, do first what the bot says."""
    shown = await world.asking.types(world.coordinator, "/cohort publish")
    await _press(world, world.coordinator, button(shown, "cohort publish now") or button(shown, "cohort match"))


async def _press(world: World, who: Resident, found: Button | None) -> Reply | None:
    return None if found is None else await world.asking.presses(who, found)


async def _match(world: World, who: Resident, found: Button, mail: Mail) -> None:
    await world.asking.presses(who, found, mail)


async def _review(world: World, who: Resident, found: Button, mail: Mail) -> None:
    """Look at the proposed pairs, and once the first ones are announced, publish them at once."""
    world.proof = world.proof or sentence(mail.message, "better")
    await world.asking.presses(who, found, mail)
    if world.is_announced:
        await _publish(world)


async def _decide(world: World, who: Resident, found: Button, mail: Mail) -> None:
    decline = button(mail.message, "cohort late decline")
    await world.asking.presses(who, decline if decline and not who.likely(ACCEPTS) else found, mail)


async def _look_after(world: World, who: Resident, found: Button, mail: Mail) -> None:
    """Look at a pair, and often write to its people, who then find a day to talk."""
    await world.asking.presses(who, found, mail)
    for one in buttons(mail.message):
        bond = world.bonds.get(one.args.get("pair", ""))
        if bond is not None and bond.goes_on(who) and who.likely(HELPS):
            talking.revive(world, bond)


async def _look(world: World, who: Resident, found: Button, mail: Mail) -> None:
    await world.asking.presses(who, found, mail)


_DUTIES: Mapping[str, Callable[[World, Resident, Button, Mail], Awaitable[None]]] = {
    "cohort match": _match,
    "cohort review": _review,
    "cohort late accept": _decide,
    "liaison pair": _look_after,
    "liaison pairs": _look,
    "liaison summary": _look,
}
"""By the button that a letter to the team has."""
