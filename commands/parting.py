"""/mentor pause, resume and leave: less, for a while or for good, without blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.domain import Application, CohortState, Enrollment, Member, Pairing, PairingState
from bot.services import cohort_people, leaving, outlook, standing
from bot.services.periods import rests
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import applications as application_texts
from bot.texts import leaving as texts
from bot.ui import Answer, Changed, Choice, Field, Kind, Message, Reply, Run, Words, _
from commands.sources import number
from commands.spec import Command, Me, Refused, Source, command, today_here

SHORT = 25
"""Characters of a partner's name in the label of a question."""


async def _needs_part(work: Work, me: Me) -> None:
    """Refuse what only makes sense for somebody who takes part."""
    if await queries.live_pairings(work, me.person.id):
        return
    enrolled = await work.first(select(Enrollment.id).where(Enrollment.person_id == me.person.id))
    applied = await work.first(select(Application.id).where(Application.person_id == me.person.id))
    if enrolled is None and applied is None:
        raise Refused(_("You do not take part in a program at the moment."), reply=texts.no_part())


@command(
    "mentor pause",
    _("Pause my letters until a day that suits me"),
    Field(
        "until",
        _("Until which day?"),
        Kind.DATE,
        required=False,
        hint=_("Leave it empty to pause until you resume. Your partner is not told."),
    ),
    guard=_needs_part,
)
async def pause(work: Work, me: Me, until: date | None) -> Message:
    """Pause letters until a date, or until they are resumed."""
    today = today_here(work, me)
    if until is not None and until <= today:
        raise Refused(_("That day has passed already. Please choose a day after today."), field="until")
    await leaving.pause(work, me.person, until)
    return texts.paused(until, pairs=len(await queries.live_pairings(work, me.person.id)))


@command("mentor resume", _("Get my letters again"), guard=_needs_part)
async def resume(work: Work, me: Me) -> Message:
    """End a pause."""
    was_paused = rests(me.person, work.now) or (me.person.snoozed_until or work.now) > work.now
    await leaving.resume(work, me.person)
    return texts.resumed(await outlook.next_letter_at(work, me.person), was_paused=was_paused)


_PAIR = Field("pair", _("Which pair is this about?"), Kind.ONE, source="my pairs")


async def _needs_pair_or_application(work: Work, me: Me) -> None:
    await _needs_part(work, me)
    if not await queries.live_pairings(work, me.person.id):
        mine = await standing.applied(work, me.person)
        if mine is not None:
            raise Refused(_("You are in no pair."), reply=application_texts.ask_withdraw(mine.cohort))


def _tell(question: Words) -> Field:
    choices = (
        Choice("self", _("I tell my partner myself first; wait two days")),
        Choice("bot", _("Please tell my partner for me")),
    )
    return Field("tell", question, Kind.ONE, choices, hint=_("Your liaison hears of it at once, without a reason."))


def _line(hint: Words) -> Field:
    return Field("line", _("A line to pass on"), Kind.TEXT, required=False, max_length=500, hint=hint)


async def _of_partner(work: Work, me: Me, values: Mapping[str, Any]) -> Sequence[Field]:
    """The same questions with the partner's name, so that nobody ends the wrong pair."""
    name = values["pair"].partner(me.person.id).person.name[:SHORT]
    return (_tell(_("Who tells {partner}?", partner=name)), _line(_("Read by {partner}.", partner=name)))


@command(
    "mentor leave",
    _("End a pair without blame"),
    _PAIR,
    _tell(_("Who tells your partner?")),
    _line(_("Read by your partner.")),
    guard=_needs_pair_or_application,
    more=_of_partner,
    intro=_("A pair may end at any time, and nobody has to give a reason. Sending this ends it."),
    confirms=True,
)
async def leave(work: Work, me: Me, pair: Pairing, tell: str, line: str | None) -> Message:
    """Leave a pair."""
    if await leaving.departure_of(work, pair, me.person) is not None:
        raise Refused(
            _("This pair is being ended already. {status} shows what happens when.", status=Run("mentor status"))
        )
    tells_first = tell == "self"
    departure = await leaving.leave(work, pair, me.person, tells_first=tells_first, line=line or "")
    return texts.leaving(pair, pair.partner(me.person.id).person, departure.tell_at, tells_first=tells_first)


@command(
    "mentor stay",
    _("Take my leaving back"),
    Field("pair", _("Which pair is this about?"), Kind.ONE, source="asked pairs"),
    listed=False,
)
async def stay(work: Work, me: Me, pair: Pairing) -> Reply:
    """Stay after all, while the partner has heard nothing."""
    departure = await leaving.departure_of(work, pair, me.person)
    if departure is None:
        contact = await cohort_people.contact(work, pair.cohort)
        late = texts.too_late(pair, me.person, contact) if pair.ended_at else texts.nothing_to_take_back()
        raise Refused(_("There is nothing to take back any more."), reply=late)
    await leaving.stay(work, departure, pair)
    return Changed(texts.stays_mine(pair.partner(me.person.id).person))


async def _no_choices(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    return ()


async def _my_past(work: Work, me: Me, value: str) -> Member | None:
    ended = select(Member).join(Pairing, Pairing.id == Member.pairing_id).where(Pairing.state == PairingState.ENDED)
    return await work.first(ended.where(Member.id == (number(value) or 0), Member.person_id == me.person.id))


PAST = Source("my past pairs", _no_choices, _my_past)
"""Pairings of mine that have ended; only buttons name them."""

_MEMBER = Field("member", _("Which pair was it?"), Kind.ONE, source="my past pairs")


@command("mentor again", _("Ask for another match"), _MEMBER, listed=False)
async def again(work: Work, me: Me, member: Member) -> Reply:
    """Somebody whose partner left wants another match."""
    pairing = await queries.pairing(work, member.pairing_id)
    assert pairing is not None, "a member has a pairing"
    if pairing.cohort.state is not CohortState.ACTIVE:
        raise Refused(texts.over(pairing.cohort))
    await leaving.another(work, member, me.person, pairing.cohort)
    return Changed(texts.another_noted())


@command("mentor enough", _("Do not look for another match"), _MEMBER, listed=False)
async def enough(work: Work, me: Me, member: Member) -> Reply:
    """Somebody whose partner left has had enough for this time."""
    await leaving.no_more(work, member)
    going_on = await queries.live_pairings(work, me.person.id)
    return Changed(texts.enough_noted([pairing.partner(me.person.id).person for pairing in going_on]))


COMMANDS: tuple[Command, ...] = (pause, resume, leave, stay, again, enough)
SOURCES = (PAST,)
