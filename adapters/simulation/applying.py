"""How people apply: from the call in the channel; some in two goes, some with a slip, some late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from adapters.simulation.agenda import waking
from adapters.simulation.asking import button
from adapters.simulation.people import Resident
from adapters.simulation.world import World
from bot.ui import SEVERAL, Answer, Field, Form, Kind, Reply

LATE, BREAKS_OFF, SLIPS, WITHDRAWS, AVOIDS = 0.015, 0.06, 0.04, 0.01, 0.03
"""Shares of people who apply late, break off and come back, make a mistake, withdraw, or rule somebody out."""

_DAY = timedelta(days=1)


def plan(world: World) -> None:
    """Everybody who is going to apply finds a day for it: many in the first days of the call, many in the last."""
    dates = world.days()
    length = (dates.closes_on - dates.opens_on).days
    for who in world.applicants:
        late = who.likely(LATE)
        part = who.rng.betavariate(0.6, 0.6)
        day = dates.closes_on + 2 * _DAY if late else dates.opens_on + timedelta(days=1 + part * (length - 2))
        here = datetime.combine(day, time(8), ZoneInfo(who.zone)) + timedelta(minutes=who.rng.randrange(14 * 60))
        world.agenda.add(waking(here.astimezone(world.now.tzinfo), who.zone, who.rng), partial(_begin, world, who))


async def _begin(world: World, who: Resident) -> None:
    form = await _form(world, who, await _first(world, who))
    if form is None:
        return
    if who.likely(BREAKS_OFF):
        half = {name: answer for name, answer in _answers(who, form.fields).items() if who.likely(0.5)}
        await world.asking.keeps(who, form, half)
        world.later(who, 10, partial(_again, world, who))
        return
    await _send(world, who, form)


async def _again(world: World, who: Resident) -> None:
    form = await _form(world, who, await world.asking.types(who, f"/mentor join {who.wanted}"))
    if form is not None:
        await _send(world, who, form)


async def _first(world: World, who: Resident) -> Reply:
    """The press in the channel; or a typed word, where the call has not been seen."""
    call = world.call
    found = None if call is None else button(call.message, "mentor join")
    if call is None or found is None or who.likely(0.15):
        return await world.asking.types(who, "/mentor join")
    return await world.asking.presses(who, found, call)


async def _form(world: World, who: Resident, shown: Reply) -> Form | None:
    """On from whatever was answered, by the buttons in it, to the form; nothing where there is none to be had."""
    for run, args in (
        ("mentor late", {}),
        ("mentor join", {"role": who.wanted}),
        ("mentor late", {"role": who.wanted}),
    ):
        if not isinstance(shown, Form) and (found := button(shown, run, **args)) is not None:
            shown = await world.asking.presses(who, found)
    return shown if isinstance(shown, Form) else None


async def _send(world: World, who: Resident, form: Form) -> None:
    answers = _answers(who, form.fields)
    if who.likely(AVOIDS) and world.applied:
        answers["avoid"] = [who.rng.choice(world.applied).name]
    if "wishes" in answers and who.likely(SLIPS):
        shown = await world.asking.tries(who, form, {**answers, "wishes": [answers["wishes"][0]] * 2})
        form = shown if isinstance(shown, Form) else form
    shown = await world.asking.sends(who, form, answers)
    if isinstance(shown, Form):
        return
    world.applied.append(who)
    if who.likely(WITHDRAWS):
        world.later(who, 24 * 9, partial(_withdraw, world, who))


async def _withdraw(world: World, who: Resident) -> None:
    sure = button(await world.asking.types(who, "/mentor withdraw"), "mentor withdraw")
    if sure is not None:
        await world.asking.presses(who, sure)


def _answers(who: Resident, fields: Sequence[Field]) -> dict[str, Answer]:
    """What somebody answers to these questions, whatever program asks them."""
    own: dict[str, Answer] = {"name": who.name, "zone": who.zone, "conduct": "yes", "places": str(who.places)}
    own |= {"institution": f"Library {who.rng.randrange(1, 400)}", "about": "I look forward to our talks."}
    own |= {"contact": f"{who.user.lower()}@example.org"}
    asked = {field.name: field for field in fields}
    chosen = {name: _chosen(who, field) for name, field in asked.items() if field.choices and name not in own}
    return {name: answer for name, answer in (own | chosen).items() if name in asked}


def _chosen(who: Resident, field: Field) -> Answer:
    values = [choice.value for choice in field.choices]
    if field.name == "languages":  # everybody speaks the program's first one, and some another
        return list(dict.fromkeys((values[0], *who.rng.sample(values, 1))))
    if field.kind not in SEVERAL:
        return who.rng.choice(values)
    most = field.places if field.kind is Kind.RANKED else 4
    least = 1 if field.kind is Kind.RANKED else 2
    return who.rng.sample(values, min(len(values), who.rng.randint(least, most)))
