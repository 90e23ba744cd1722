"""/cohort: plan a program, close its call, cancel it, see where it stands, take a change back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import Cohort, Duty, Event
from bot.programs import Dates, Template
from bot.programs import template as find_template
from bot.services import cancelling, changes, cohorts, joining, leftovers, undoing
from bot.services.cohort_edits import DATES
from bot.services.cohort_people import numbers
from bot.storage.work import Work
from bot.texts import cohort_status
from bot.texts import cohorts as texts
from bot.texts import joining as joining_texts
from bot.texts import undoing as undoing_texts
from bot.ui import Answer, Changed, Field, Kind, Message, Reply, _
from commands import cohort_fields
from commands.cohort_fields import ACTIVE, CLOSING, DRAFT, MATCHING, OPEN, cohort_field
from commands.spec import Command, Me, Refused, command, today_here

TEAM = (Duty.COORDINATOR, Duty.LIAISON, Duty.COMMITTEE)
COORDINATOR = (Duty.COORDINATOR,)
MATCHING_TEAM = (Duty.COORDINATOR, Duty.COMMITTEE)

_COLUMNS = ("title", *DATES, "zone", "topics", "capacity", "quiet_days")


async def _questions(work: Work, me: Me, found: Mapping[str, Any]) -> Sequence[Field]:
    return cohort_fields.fields(found["template"], _COLUMNS)


async def _proposed(work: Work, me: Me, found: Mapping[str, Any]) -> Mapping[str, Answer]:
    template: Template = found["template"]
    plan = cohorts.proposed(template, today=today_here(work, me), zone=me.community.zone)
    days = {name: getattr(plan.dates, name).isoformat() for name in DATES}
    return {"title": plan.title, **days, "zone": plan.zone, "topics": list(plan.topics)}


@command(
    "cohort create",
    _("Plan a new cohort, as a draft"),
    Field("template", _("Which program?"), Kind.ONE, source="templates"),
    team=COORDINATOR,
    more=_questions,
    prefill=_proposed,
    intro=_(
        "The dates are those that this program usually has. I announce nothing until you open the call; whoever asks "
        "reads for which day it is planned."
    ),
)
async def create(work: Work, me: Me, template: Template, **answers: Any) -> Message:
    """Write a cohort down that nobody hears of yet."""
    dates = Dates(**{name: answers[name] for name in DATES})
    cohort_fields.check_order(dates)
    today = today_here(work, me)
    cohort_fields.check_future(dates.opens_on, today, field="opens_on")
    cohort_fields.check_span(dates, today)
    columns = cohort_fields.read(answers, near=cohort_fields.middle(dates))
    plan = cohorts.Plan(
        title=columns["title"],
        dates=dates,
        zone=columns["zone"],
        topics=columns["topics"],
        capacity=columns["capacity"],
        quiet_days=columns["quiet_days"],
    )
    if not await joining.stays(work, me.community):
        raise Refused(joining_texts.is_part_of_another())
    same = await cohorts.same_draft(work, me.community, template=template.name, plan=plan)
    if same is not None:
        return texts.created_already(same)
    return texts.created(await cohorts.create(work, me.community, by=me.person, template=template.name, plan=plan))


@command("cohort status", _("See where a cohort stands"), cohort_field("cohorts"), team=TEAM, reads=True)
async def status(work: Work, me: Me, cohort: Cohort) -> Message:
    """State, next date, numbers and next steps."""
    figures = await numbers(work, cohort)
    steps = Duty.COORDINATOR in me.duties
    waiting = (
        await leftovers.waiting(work, cohort)
        if cohort.state is ACTIVE and not me.duties.isdisjoint(MATCHING_TEAM)
        else ()
    )
    return cohort_status.status(
        cohort, find_template(cohort.template), figures, steps=steps, today=cohort.today(work.now), waiting=waiting
    )


@command("cohort close", _("End the call before its day"), cohort_field("open cohorts"), team=COORDINATOR)
async def close(work: Work, me: Me, cohort: Cohort) -> Message:
    """Close the call now."""
    await cohort_fields.take(work, cohort, OPEN)
    event = await cohorts.close_call(work, cohort, by=me.person)
    figures = await numbers(work, cohort)
    return texts.closed(cohort, event, await changes.until(work, event), figures.applications)


@command(
    "cohort cancel", _("Cancel a cohort, after asking once"), cohort_field("cohorts"), team=COORDINATOR, reads=True
)
async def cancel(work: Work, me: Me, cohort: Cohort) -> Message:
    """Show whom it tells, and ask."""
    cohort_fields.need_state(cohort, DRAFT, OPEN, MATCHING, ACTIVE, CLOSING)
    told = await cancelling.audience(work, cohort, by=me.person)
    return texts.ask_cancel(cohort, applicants=len(told.applicants), paired=len(told.paired), team=len(told.team))


@command("cohort cancel now", _("Cancel a cohort"), cohort_field("cohorts"), team=COORDINATOR, listed=False)
async def cancel_now(work: Work, me: Me, cohort: Cohort) -> Reply:
    """Cancel it."""
    await cohort_fields.take(work, cohort, DRAFT, OPEN, MATCHING, ACTIVE, CLOSING)
    event = await cancelling.cancel(work, cohort, by=me.person)
    return Changed(texts.cancelled(cohort, event, await changes.until(work, event)))


@command("cohort keep", _("Leave everything as it is"), team=COORDINATOR, reads=True, listed=False)
async def keep(work: Work, me: Me) -> Reply:
    """Turn a question down."""
    return Changed(texts.kept())


@command(
    "cohort undo",
    _("Take a change back"),
    Field("change", _("Which change?"), Kind.ONE, source="changes"),
    team=COORDINATOR,
    listed=False,
)
async def undo(work: Work, me: Me, change: Event) -> Reply:
    """Set a change back while nobody has heard of it."""
    undone = await undoing.undo(work, change, by=me.person)
    if undone is undoing.Undone.SENT:
        raise Refused(undoing_texts.sent_already(change.kind))
    if undone is undoing.Undone.CHOSEN:
        raise Refused(undoing_texts.chosen())
    if undone is undoing.Undone.MOVED_ON:
        raise Refused(undoing_texts.moved_on(change.kind))
    return Changed(undoing_texts.undone())


COMMANDS: tuple[Command, ...] = (create, status, close, cancel, cancel_now, keep, undo)
SOURCES = cohort_fields.SOURCES
