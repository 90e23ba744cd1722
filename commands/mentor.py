"""/mentor: applying, where I stand, pausing and leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain import (
    ApplicationState,
    Cohort,
    CohortState,
    Duty,
    Wanted,
)
from bot.programs import template
from bot.services import applications, drafts, outlook, standing
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import applications as texts
from bot.texts import status as status_texts
from bot.ui import Answer, Button, Field, Kind, Message, Run, _
from commands import application_form, quiet_hours
from commands.spec import Command, Me, Refused, command


async def _needs_call(work: Work, me: Me) -> None:
    """Refuse to ask anything while nobody can apply."""
    if await applications.open_call(work, me.community.id) is not None:
        return
    closed = await _closed_call(work, me)
    await _has_not_applied(work, me, closed)
    upcoming = await _upcoming(work, me)
    if closed is not None:
        raise Refused(_("The call is closed."), reply=texts.call_closed(closed, upcoming))
    raise Refused(_("No call is open at the moment."), reply=texts.no_call(upcoming))


async def _needs_closed_call(work: Work, me: Me) -> None:
    closed = await _closed_call(work, me)
    if closed is None:
        await _needs_call(work, me)
    await _has_not_applied(work, me, closed)


async def _has_not_applied(work: Work, me: Me, cohort: Cohort | None) -> None:
    """Refuse a second, late application, in whose place the first one would be lost."""
    application = None if cohort is None else await queries.application_of(work, cohort.id, me.person.id)
    if standing.is_standing(application):
        raise Refused(_("Your application is in."), reply=await _status(work, me))


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
    known = await applications.prefill(work, await _cohort(work, me), me.person)
    return {**known, **await drafts.begun(work, me.person, "mentor join")}


@command(
    "mentor join",
    _("Apply, or change my application"),
    application_form.ROLE,
    guard=_needs_call,
    more=_questions,
    prefill=_known,
)
async def join(work: Work, me: Me, role: str, **answers: Any) -> Message:
    """Send an application, or change it until the call closes."""
    application_form.check(me.person, answers)
    cohort = await _cohort(work, me)
    await drafts.forget(work, me.person, "mentor join")
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
    application_form.check(me.person, answers)
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
    return quiet_hours.beside(work, me, await _status(work, me))


async def _status(work: Work, me: Me) -> Message:
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
        return status_texts.applied(application, cohort, can_change=can_change, today=cohort.today(work.now))
    if here.begun and here.call is not None:
        return status_texts.begun(_go_on(here.begun), here.call)
    plans = cohort is None and Duty.COORDINATOR in me.duties
    withdrawn = await _withdrawn(work, me, here.call)
    return status_texts.newcomer(here.call, await _upcoming(work, me), plans=plans, withdrawn=withdrawn)


async def _upcoming(work: Work, me: Me) -> Cohort | None:
    """The cohort whose call comes next; a draft whose day has passed says nothing about that."""
    draft = await queries.newest_cohort(work, me.community.id, CohortState.DRAFT)
    return draft if draft is not None and draft.opens_on >= draft.today(work.now) else None


async def _withdrawn(work: Work, me: Me, call: Cohort | None) -> Button | None:
    """Opens the application that somebody took back, while they can send it again."""
    mine = None if call is None else await queries.application_of(work, call.id, me.person.id)
    if mine is None or mine.state is not ApplicationState.WITHDRAWN:
        return None
    return Button(_("Apply again"), "mentor join", {"role": mine.wanted.value})


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


COMMANDS: tuple[Command, ...] = (join, late, tell, untell, withdraw, status)
