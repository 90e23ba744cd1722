"""/mentor: applying, where I stand, pausing and leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from bot.domain import Application, ApplicationState, Cohort, CohortState, Enrollment, Member, Pairing, PairingState, Wanted
from bot.programs import template
from bot.services import applications, leaving, outlook, standing
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import applications as texts
from bot.texts import leaving as leaving_texts
from bot.texts import status as status_texts
from bot.ui import Answer, Button, Changed, Choice, Field, Kind, Message, Reply, Run, _
from commands import application_form
from commands.sources import number
from commands.spec import Command, Me, Refused, Source, command, now_here


async def _needs_call(work: Work, me: Me) -> None:
    """Refuse to ask anything while nobody can apply."""
    if await applications.open_call(work, me.community.id) is not None:
        return
    closed = await _closed_call(work, me)
    upcoming = await queries.newest_cohort(work, me.community.id, CohortState.DRAFT)
    if closed is not None:
        raise Refused(_("The call is closed."), reply=texts.call_closed(closed, upcoming))
    raise Refused(_("No call is open at the moment."), reply=texts.no_call(upcoming))


async def _needs_closed_call(work: Work, me: Me) -> None:
    if await _closed_call(work, me) is None:
        await _needs_call(work, me)


async def _closed_call(work: Work, me: Me) -> Cohort | None:
    """The cohort whose call has closed and whose pairs may still be formed."""
    states = (CohortState.OPEN, CohortState.MATCHING, CohortState.ACTIVE)
    return await queries.newest_cohort(work, me.community.id, *states)


async def _cohort(work: Work, me: Me) -> Cohort:
    """The cohort that an application goes to: the open one, else the one whose call has closed."""
    cohort = await applications.open_call(work, me.community.id) or await _closed_call(work, me)
    assert cohort is not None, "the guard has refused already"
    return cohort


async def _questions(work: Work, me: Me, values: Mapping[str, Any]) -> Sequence[Field]:
    return application_form.fields(await _cohort(work, me), Wanted(values["role"]))


async def _known(work: Work, me: Me, values: Mapping[str, Any]) -> Mapping[str, Answer]:
    return await applications.prefill(work, await _cohort(work, me), me.person)


@command(
    "mentor join",
    _("Apply as a mentee, as a mentor, or as both"),
    application_form.ROLE,
    guard=_needs_call,
    more=_questions,
    prefill=_known,
)
async def join(work: Work, me: Me, role: str, **answers: Any) -> Message:
    """Send an application, or change it until the call closes."""
    cohort = await _cohort(work, me)
    application = await applications.apply(work, cohort, me.person, applications.Answers.read(Wanted(role), answers))
    return texts.received(me.person, application, cohort, template(cohort.template))


@command(
    "mentor late",
    _("Apply after the call has closed"),
    application_form.ROLE,
    listed=False,
    guard=_needs_closed_call,
    more=_questions,
    prefill=_known,
)
async def late(work: Work, me: Me, role: str, **answers: Any) -> Message:
    """Send an application that a coordinator decides about."""
    cohort = await _cohort(work, me)
    application = await applications.apply(work, cohort, me.person, applications.Answers.read(Wanted(role), answers))
    return texts.received_late(me.person, application, cohort)


@command("mentor tell", _("Hear of the next call on the day it opens"), listed=False)
async def tell(work: Work, me: Me) -> Message:
    """Remember to write when a call opens."""
    me.person.wants_call = True
    return texts.will_tell()


@command("mentor untell", _("Do not hear of the next call"), listed=False)
async def untell(work: Work, me: Me) -> Message:
    """Forget it again."""
    me.person.wants_call = False
    return texts.will_not_tell()


@command("mentor withdraw", _("Take my application back"), Field("sure", _("Sure?"), Kind.HIDDEN, required=False))
async def withdraw(work: Work, me: Me, sure: str | None) -> Message:
    """Withdraw an application after asking once."""
    mine = await standing.applied(work, me.person)
    if await _is_paired(work, me, None if mine is None else mine.cohort):
        raise Refused(_("You are in a pair already. {leave} ends it kindly.", leave=Run("mentor leave")))
    if mine is None:
        raise Refused(_("You have no application at the moment, so there is nothing to withdraw."))
    if not sure:
        return texts.ask_withdraw(mine.cohort)
    await applications.withdraw(work, mine.application, me.person)
    return texts.withdrawn(mine.application)


async def _is_paired(work: Work, me: Me, cohort: Cohort | None) -> bool:
    """Whether I am in a pair: of the cohort that my application is for, or of any where I have none."""
    pairings = await queries.live_pairings(work, me.person.id)
    return any(cohort is None or pairing.cohort_id == cohort.id for pairing in pairings)


@command("mentor status", _("See where I stand, and what comes next"), reads=True)
async def status(work: Work, me: Me) -> Message:
    """Where somebody stands, and the one next step."""
    here = await standing.standing(work, me.person)
    if here.pairs:
        return _paired(here, await outlook.next_letter_at(work, me.person))
    application, cohort = here.application, here.cohort
    if application is not None and cohort is not None:
        if here.waiting:
            return status_texts.waiting(cohort)
        if application.late and application.state is ApplicationState.SENT:
            return status_texts.late(cohort)
        can_change = here.call is not None and here.call.id == cohort.id
        return status_texts.applied(application, cohort, can_change=can_change)
    if here.begun and here.call is not None:
        return status_texts.begun(_go_on(here.begun), here.call)
    return status_texts.newcomer(here.call, cohort if cohort and cohort.state is CohortState.DRAFT else None)


def _go_on(run: str) -> Button:
    """Reopens the application that was begun: its role is the only thing that is settled in `run`."""
    role = next((wanted for wanted in Wanted if f'"{wanted.value}"' in run), Wanted.MENTEE)
    return Button(_("Go on with my application"), "mentor join", {"role": role.value})


def _paired(here: standing.Standing, letter_at: datetime | None) -> Message:
    me = here.person
    parts = []
    for pair in here.pairs:
        parts += status_texts.pair(me, pair.pairing, goals=pair.goals, reached=pair.reached, talked_on=pair.talked_on)
        if pair.leaving:
            parts.append(status_texts.ending())
    first = here.pairs[0]
    most = template(first.pairing.cohort.template).goals
    step, button = status_texts.steps(
        first.pairing.partner(me.id).person,
        first.pairing,
        talked=first.talked_on is not None,
        goals=first.goals,
        most=most,
    )
    return status_texts.paired(
        parts, step, button, letter_at=letter_at, paused_until=me.paused_until, paused=me.paused_at is not None
    )


async def _needs_part(work: Work, me: Me) -> None:
    """Refuse what only makes sense for somebody who takes part."""
    if await queries.live_pairings(work, me.person.id):
        return
    enrolled = await work.first(select(Enrollment.id).where(Enrollment.person_id == me.person.id))
    applied = await work.first(select(Application.id).where(Application.person_id == me.person.id))
    if enrolled is None and applied is None:
        raise Refused(_("You do not take part in a program at the moment, so there is nothing to pause or leave."))


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
    today = now_here(work, me).date()
    if until is not None and until <= today:
        raise Refused(_("That day has passed already. Please choose a day after today."), field="until")
    await leaving.pause(work, me.person, until)
    return leaving_texts.paused(until)


@command("mentor resume", _("Get my letters again"), guard=_needs_part)
async def resume(work: Work, me: Me) -> Message:
    """End a pause."""
    await leaving.resume(work, me.person)
    return leaving_texts.resumed(await outlook.next_letter_at(work, me.person))


_PAIR = Field("pair", _("Which pair is this about?"), Kind.ONE, source="my pairs")


async def _needs_pair_or_application(work: Work, me: Me) -> None:
    await _needs_part(work, me)
    if not await queries.live_pairings(work, me.person.id):
        mine = await standing.applied(work, me.person)
        if mine is not None:
            raise Refused(_("You have no partner yet."), reply=texts.ask_withdraw(mine.cohort))


@command(
    "mentor leave",
    _("End a pair without blame"),
    _PAIR,
    Field(
        "tell",
        _("Who tells your partner?"),
        Kind.ONE,
        (
            Choice("self", _("I tell my partner myself first; wait two days")),
            Choice("bot", _("Please tell my partner for me")),
        ),
        hint=_("Your liaison hears of it at once, without a reason."),
    ),
    Field("line", _("A line to pass on"), Kind.TEXT, required=False, max_length=500, hint=_("Read by your partner.")),
    guard=_needs_pair_or_application,
    intro=_("A pair may end at any time, and nobody has to give a reason. Sending this ends it."),
)
async def leave(work: Work, me: Me, pair: Pairing, tell: str, line: str | None) -> Message:
    """Leave a pair."""
    if await leaving.departure_of(work, pair, me.person) is not None:
        raise Refused(
            _("This pair is being ended already. {status} shows what happens when.", status=Run("mentor status"))
        )
    tells_first = tell == "self"
    departure = await leaving.leave(work, pair, me.person, tells_first=tells_first, line=line or "")
    return leaving_texts.leaving(pair, pair.partner(me.person.id).person, departure.tell_at, tells_first=tells_first)


@command("mentor stay", _("Take my leaving back"), _PAIR, listed=False)
async def stay(work: Work, me: Me, pair: Pairing) -> Reply:
    """Stay after all, while the partner has heard nothing."""
    departure = await leaving.departure_of(work, pair, me.person)
    if departure is None:
        raise Refused(_("There is nothing to take back any more. Your liaison can help."))
    await leaving.stay(work, departure, pair)
    return Changed(leaving_texts.stays_mine(pair.partner(me.person.id).person))


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
        raise Refused(leaving_texts.over(pairing.cohort))
    await leaving.another(work, member, me.person, pairing.cohort)
    return Changed(leaving_texts.another_noted())


@command("mentor enough", _("Do not look for another match"), _MEMBER, listed=False)
async def enough(work: Work, me: Me, member: Member) -> Reply:
    """Somebody whose partner left has had enough for this time."""
    await leaving.no_more(work, member)
    return Changed(leaving_texts.enough_noted())


COMMANDS: tuple[Command, ...] = (
    join, late, tell, untell, withdraw, status, pause, resume, leave, stay, again, enough,
)  # fmt: skip
SOURCES = (PAST,)
