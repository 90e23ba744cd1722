"""What people do with their mail: leave it, press what fits how things really are, or do something else altogether."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial

from adapters.simulation import talking
from adapters.simulation.asking import button, buttons
from adapters.simulation.deliver import Mail
from adapters.simulation.people import Bond, Resident
from adapters.simulation.world import World
from bot.ui import Button, Form, Reply

STAYS, RESUMES, LOOKS, AGAIN, RETURNS = 0.15, 0.4, 0.04, 0.65, 0.5
"""How often a leaving is taken back, a pause ended early, the status looked at, another match wanted, and how often
somebody whose account was closed has a new one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter that somebody has open. Without a `bond` it is about no pair that they know."""

    world: World
    who: Resident
    mail: Mail
    bond: Bond | None = None

    async def press(self, found: Button) -> Reply:
        """Press one of its buttons; where the letter changes, it reads on as it is then."""
        return await self.world.asking.presses(self.who, found, self.mail)

    @property
    def pair(self) -> Bond:
        """The pair of the part that is being answered."""
        assert self.bond is not None, "asked only of parts about a pair"
        return self.bond


Wants = Callable[[Opened], bool]
Then = Callable[[Opened, Reply], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Habit:
    """A button that is pressed when somebody `wants` it, and what they do with the answer."""

    run: str
    wants: Wants
    then: Then


def expect(world: World, who: Resident, mail: Mail) -> None:
    """Mail has arrived: somebody will read it in their own time, or never."""
    if button(mail.message, "mentor again") is not None:
        _end(who)
    if who.likely(who.temper.reads):
        world.later(who, who.temper.hours, partial(_read, world, who, mail))


def _end(who: Resident) -> None:
    """Somebody hears that their partner has left."""
    for bond in who.bonds:
        bond.is_over = bond.is_over or bond.left_by not in (None, who)


def vanish(world: World) -> None:
    """Some people's accounts are closed one day in the first half of the program; some of them come back."""
    dates = world.days()
    length = (dates.ends_on - dates.starts_on).days
    for who in world.applicants:
        if who.likely(who.temper.vanishes):
            day = datetime.combine(dates.starts_on + timedelta(days=who.rng.randrange(length // 2)), time(12), UTC)
            world.agenda.add(day, partial(_close, world, who))


async def _close(world: World, who: Resident) -> None:
    world.box.closed.add(who.user)
    if who.likely(RETURNS):
        world.later(who, 24 * 60, partial(_return, world, who))


async def _return(world: World, who: Resident) -> None:
    world.box.closed.discard(who.user)
    await world.asking.types(who, "/mentor status")


async def _read(world: World, who: Resident, mail: Mail) -> None:
    if who.user in world.box.closed:
        return
    opened = Opened(world, who, mail)
    if who.likely(who.temper.answers):
        await _answer(opened)
    for habit in _MOODS:
        if habit.wants(opened) and (found := button(mail.message, habit.run)) is not None:
            await habit.then(opened, await opened.press(found))
    await _live(world, who)


async def _answer(opened: Opened) -> None:
    """Answer each part of the letter once: those about pairs, and those about oneself."""
    world, mail = opened.world, opened.mail
    for number in dict.fromkeys(one.args.get("pair", "") for one in buttons(mail.message)):
        bond = world.bonds.get(number)
        if bond is not None and bond.goes_on(opened.who):
            await _press_one(Opened(world, opened.who, mail, bond), _ABOUT_PAIRS, pair=number)
    await _press_one(opened, _ABOUT_ME)


async def _press_one(opened: Opened, habits: tuple[Habit, ...], **args: str) -> None:
    for habit in habits:
        found = button(opened.mail.message, habit.run, **args)
        if found is not None and habit.wants(opened):
            await habit.then(opened, await opened.press(found))
            return


async def _live(world: World, who: Resident) -> None:
    """What comes to somebody's mind while they are there."""
    if who.likely(LOOKS):
        await world.asking.types(who, "/mentor status")
    if who.likely(who.temper.pauses) and who.bonds:
        await _pause(world, who)
    for bond in list(who.living()):
        if who.likely(who.temper.leaves):
            await _leave(world, who, bond)


async def _pause(world: World, who: Resident) -> None:
    until = (world.now + timedelta(days=who.rng.randrange(14, 50))).date()
    await world.asking.types(who, f"/mentor pause until:{until.isoformat()}")
    if who.likely(RESUMES):
        world.later(who, 24 * 12, partial(_resume, world, who))


async def _resume(world: World, who: Resident) -> None:
    await world.asking.types(who, "/mentor resume")


async def _leave(world: World, who: Resident, bond: Bond) -> None:
    """End a pair; now and then somebody thinks better of it at once."""
    form = await world.asking.types(who, f"/mentor leave pair:{bond.pair}")
    if not isinstance(form, Form):
        return
    tell = who.rng.choice(("self", "bot"))
    shown = await world.asking.sends(who, form, {"tell": tell, "line": "Thank you for your time."})
    stay = button(shown, "mentor stay")
    if stay is not None and tell == "self" and who.likely(STAYS):
        await world.asking.presses(who, stay)
        return
    bond.left_by = who


def _share(share: float) -> Wants:
    return lambda opened: opened.who.likely(share)


def _always(opened: Opened) -> bool:
    return True


def _talks_lately(opened: Opened) -> bool:
    return opened.pair.talks_lately(opened.world.now)


def _has_news(opened: Opened) -> bool:
    return opened.pair.has_news(opened.who)


def _wants_goal(opened: Opened) -> bool:
    return opened.pair.goals < talking.MOST_GOALS and opened.who.likely(opened.who.temper.goals)


def _worries(opened: Opened) -> bool:
    return opened.who.likely(opened.who.temper.worries)


def _has_enough(opened: Opened) -> bool:
    return opened.who.likely(opened.who.temper.less)


async def _nothing(opened: Opened, shown: Reply) -> None:
    """The answer is read, and that was it."""


async def _told(opened: Opened, shown: Reply) -> None:
    opened.pair.tell(opened.who)
    await talking.add_details(opened.world, opened.who, shown)


async def _write_goal(opened: Opened, shown: Reply) -> None:
    await talking.write_goal(opened.world, opened.who, opened.pair, shown)


async def _confide(opened: Opened, shown: Reply) -> None:
    """Choose whom to tell, or nobody."""
    tell = [one for one in buttons(shown) if one.run in {"nudge tell", "nudge keep"}]
    if tell:
        await opened.world.asking.presses(opened.who, opened.who.rng.choice(tell))


async def _slow_down(opened: Opened, shown: Reply) -> None:
    paces = [one for one in buttons(shown) if one.run == "nudge pace"]
    if paces:
        await opened.world.asking.presses(opened.who, opened.who.rng.choice(paces))


_ABOUT_PAIRS: tuple[Habit, ...] = (
    Habit("nudge well", _talks_lately, _nothing),
    Habit("nudge trouble", _worries, _confide),
    Habit("nudge busy", _share(0.7), _nothing),
    Habit("nudge written", _share(0.8), _nothing),
    Habit("goals set", _wants_goal, _write_goal),
    Habit("nudge talked", _has_news, _told),
    Habit("nudge planned", _share(0.5), _nothing),
    Habit("nudge later", _always, _nothing),
)
"""For each pair of a letter, the first button that is there and wanted."""

_ABOUT_ME: tuple[Habit, ...] = (
    Habit("nudge pace", _always, _nothing),
    Habit("mentor again", _share(AGAIN), _nothing),
    Habit("mentor enough", _always, _nothing),
    Habit("mentor contact", _share(0.5), _nothing),
)
"""Of a whole letter, the first of these."""

_MOODS: tuple[Habit, ...] = (Habit("nudge less", _has_enough, _slow_down),)
"""Whatever else was answered."""
