"""/mentor quiet: the hours in which somebody wants to hear nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from bot.domain import Person, rhythm
from bot.services import outlook, quiet_hours
from bot.storage.work import Work
from bot.texts import quiet_hours as texts
from bot.ui import Answer, Field, Kind, Message, _
from commands.spec import Command, Me, Refused, command

_FROM = Field("from", _("From"), Kind.TIME, required=False, hint=_("Such as 18:00 or 6 pm, by your own clock."))
_TO = Field("to", _("To"), Kind.TIME, required=False, hint=_("Leave both empty to have no quiet hours."))
_ZONE = Field(
    "zone",
    _("Your time zone"),
    Kind.TIMEZONE,
    source="zones",
    hint=_("The nearest large city is enough, such as Chicago."),
)


async def _zone_if_unknown(work: Work, me: Me, values: Mapping[str, Any]) -> Sequence[Field]:
    """Hours mean nothing without a clock, and not every platform tells whose it is."""
    return () if me.person.zone else (_ZONE,)


async def _known(work: Work, me: Me, values: Mapping[str, Any]) -> Mapping[str, Answer]:
    hours = ((_FROM.name, me.person.quiet_from), (_TO.name, me.person.quiet_to))
    return {name: f"{at:%H:%M}" for name, at in hours if at is not None}


@command(
    "mentor quiet",
    _("Choose hours in which I do not write to you"),
    _FROM,
    _TO,
    more=_zone_if_unknown,
    prefill=_known,
    intro=_("Nobody else sees this. On weekends and at night I write to nobody anyway."),
)
async def choose(work: Work, me: Me, zone: str = "", **hours: time | None) -> Message:
    """Set quiet hours; both empty means none."""
    begins, ends = hours[_FROM.name], hours[_TO.name]
    me.person.zone = zone or me.person.zone
    if begins is None and ends is None:
        return await _none(work, me)
    if begins is None or ends is None:
        raise Refused(texts.one_missing(), field=_FROM.name if begins is None else _TO.name)
    if begins == ends:
        raise Refused(texts.no_span(), field=_TO.name)
    if not await quiet_hours.leave_room(work, me.person, begins, ends):
        raise Refused(texts.no_room(), field=_TO.name)
    await quiet_hours.choose(work, me.person, begins, ends)
    return texts.chosen(*_today(work, me.person, begins, ends), await outlook.next_letter_at(work, me.person))


@command("mentor quiet off", _("Have no quiet hours"), listed=False)
async def off(work: Work, me: Me) -> Message:
    """Give quiet hours up."""
    return await _none(work, me)


def beside(work: Work, me: Me, shown: Message) -> Message:
    """Where somebody stands, with their quiet hours if they have any."""
    person = me.person
    if person.quiet_from is None or person.quiet_to is None:
        return shown
    return texts.beside(shown, *_today(work, person, person.quiet_from, person.quiet_to))


async def _none(work: Work, me: Me) -> Message:
    await quiet_hours.choose(work, me.person, None, None)
    return texts.none(await outlook.next_letter_at(work, me.person))


def _today(work: Work, person: Person, begins: time, ends: time) -> tuple[datetime, datetime]:
    """The hours as instants, so that they are shown by the reader's own clock."""
    today = rhythm.day_in(work.now, person.tz)
    return rhythm.at_local(today, begins, zone=person.tz), rhythm.at_local(today, ends, zone=person.tz)


COMMANDS: tuple[Command, ...] = (choose, off)
