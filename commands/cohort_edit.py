"""/cohort edit: what may change now, a look at whom it tells, and doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain import Cohort, Duty
from bot.programs import Dates, template
from bot.services import changes, cohort_edits
from bot.services.cohort_edits import DATES, EDITABLE, Move
from bot.services.cohort_people import numbers
from bot.storage.work import Work
from bot.texts import cohorts as texts
from bot.texts.cohort_news import DAYS
from bot.texts.days import days
from bot.ui import All, Answer, Button, Changed, Day, Field, Inline, Message, Reply, Words, _
from commands import cohort_fields, quiet_days
from commands.cohort_fields import ACTIVE, CLOSING, DRAFT, MATCHING, OPEN, cohort_field
from commands.spec import Command, Me, Refused, command

_COHORT = cohort_field("cohorts")


async def _questions(work: Work, me: Me, found: Mapping[str, Any]) -> Sequence[Field]:
    cohort: Cohort = found["cohort"]
    cohort_fields.need_state(cohort, DRAFT, OPEN, MATCHING, ACTIVE, CLOSING)
    return cohort_fields.fields(template(cohort.template), EDITABLE[cohort.state])


async def _known(work: Work, me: Me, found: Mapping[str, Any]) -> Mapping[str, Answer]:
    cohort: Cohort = found["cohort"]
    known = cohort_fields.answers(cohort, EDITABLE[cohort.state])
    return {**known, "quiet_days": quiet_days.write(cohort.quiet_days)}


@command(
    "cohort edit",
    _("Change dates, topics and more, after a preview"),
    _COHORT,
    team=(Duty.COORDINATOR,),
    more=_questions,
    prefill=_known,
    intro=_("What is settled by now is not asked. You see what moves and whom it tells before anything happens."),
)
async def edit(work: Work, me: Me, cohort: Cohort, **answers: Any) -> Message:
    """Show what would move and whom it tells."""
    wanted = await _read(work, cohort, answers)
    considered = await cohort_edits.consider(work, cohort, wanted, by=me.person)
    if not considered.moves:
        return texts.nothing_moves(cohort)
    return texts.ask_edit(
        _facts(cohort, considered.moves),
        _sure(cohort, wanted),
        told=len(considered.told),
        corrects_call=considered.corrects_call,
    )


@command(
    "cohort change",
    _("Change a cohort as previewed"),
    _COHORT,
    team=(Duty.COORDINATOR,),
    more=_questions,
    prefill=_known,
    listed=False,
)
async def change(work: Work, me: Me, cohort: Cohort, **answers: Any) -> Reply:
    """Do what the preview showed."""
    await cohort_fields.take(work, cohort, DRAFT, OPEN, MATCHING, ACTIVE, CLOSING)
    wanted = await _read(work, cohort, answers)
    facts = _facts(cohort, (await cohort_edits.consider(work, cohort, wanted, by=me.person)).moves)
    if not facts:
        return Changed(texts.nothing_moves(cohort))
    event = await cohort_edits.edit(work, cohort, wanted, by=me.person)
    return Changed(texts.edited(facts, event, await changes.until(work, event)))


async def _read(work: Work, cohort: Cohort, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted columns, checked as a whole. Raises Refused."""
    dates = _dates(cohort, answers)
    wanted = cohort_fields.read(answers, near=cohort_fields.middle(dates))
    cohort_fields.check_order(dates, asked=EDITABLE[cohort.state])
    today = cohort.today(work.now)
    for name in EDITABLE[cohort.state]:
        if name in DATES and wanted[name] != getattr(cohort, name):
            cohort_fields.check_future(wanted[name], today, field=name)
            cohort_fields.check_span(dates, today)
    if "topics" in wanted:
        await _check_topics(work, cohort, wanted["topics"])
    return wanted


def _dates(cohort: Cohort, answers: Mapping[str, Any]) -> Dates:
    return Dates(**{name: answers.get(name) or getattr(cohort, name) for name in DATES})


async def _check_topics(work: Work, cohort: Cohort, topics: Sequence[str]) -> None:
    """Refuse to take away what somebody has chosen already."""
    figures = await numbers(work, cohort)
    labels = template(cohort.template)
    chosen: tuple[Inline, ...] = tuple(
        labels.topic_label(key)
        for key in cohort.topics
        if key not in topics and (key in figures.asked or key in figures.offered)
    )
    if chosen:
        raise Refused(
            _("Somebody has applied with {topics} already. Please leave it in the list.", topics=All(chosen)),
            field="topics",
        )


def _sure(cohort: Cohort, wanted: Mapping[str, Any]) -> Button:
    """The button that does it: everything it needs travels with it, as the form would send it."""
    args = {name: _argument(name, value) for name, value in wanted.items()}
    return Button(_("Do it"), "cohort change", {"cohort": str(cohort.id), **args})


def _argument(name: str, value: Any) -> str:
    if name == "quiet_days":
        return quiet_days.write(value)
    if isinstance(value, list):
        return ",".join(value)
    return "" if value is None else str(value)


def _facts(cohort: Cohort, moves: Sequence[Move]) -> list[tuple[Words, Inline]]:
    return [
        (
            _LABELS[move.name],
            _(
                "{before} → {after}",
                before=_shown(cohort, move.name, move.before),
                after=_shown(cohort, move.name, move.after),
            ),
        )
        for move in moves
    ]


_LABELS: Mapping[str, Words] = {
    **DAYS,
    "title": _("Name"),
    "zone": _("Time zone"),
    "topics": _("Topics"),
    "capacity": _("The most mentees"),
    "quiet_days": _("Quiet days"),
}


def _shown(cohort: Cohort, name: str, value: Any) -> Inline:
    """One value as people read it."""
    if name == "quiet_days":
        return days(value)
    if name == "topics":
        labels = template(cohort.template)
        return All(tuple(labels.topic_label(key) for key in value))
    if isinstance(value, date):
        return Day(value)
    return _("no limit") if value is None else str(value)


COMMANDS: tuple[Command, ...] = (edit, change)
