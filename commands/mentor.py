"""/mentor: applying, where I stand, pausing and leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import (
    Cohort,
    CohortState,
    Wanted,
)
from bot.programs import template
from bot.services import applications, drafts, standing
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import applications as texts
from bot.ui import Answer, Field, Kind, Message, Run, _
from commands import application_form, status
from commands.spec import Command, Me, Refused, command


async def _needs_call(work: Work, me: Me) -> None:
    """Refuse to ask anything while nobody can apply."""
    if await applications.open_call(work, me.community.id) is not None:
        return
    closed = await _closed_call(work, me)
    await _has_not_applied(work, me, closed)
    upcoming = await status.upcoming(work, me)
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
        raise Refused(_("Your application is in."), reply=await status.shown(work, me))


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
    before = await standing.applied(work, me.person)
    was = None if before is None or before.cohort.id != cohort.id else before.application.wanted
    application = await applications.apply(work, cohort, me.person, applications.Answers.read(Wanted(role), answers))
    return texts.received(me.person, application, cohort, template(cohort.template), before=was)


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


COMMANDS: tuple[Command, ...] = (join, late, tell, untell, withdraw)
