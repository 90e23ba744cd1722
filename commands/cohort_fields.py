"""What is asked about a cohort: its fields, which cohorts a command may mean, and the rules of its dates."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain import Cohort, CohortState, Event
from bot.programs import Dates, Template, template, templates
from bot.services import proposals
from bot.services.cohort_edits import DATES
from bot.services.cohorts import LONGEST_TITLE
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.texts.cohort_news import DAYS
from bot.texts.undoing import UNDOABLE
from bot.ui import Answer, Choice, Day, Field, Kind, Run, Words, _
from commands import quiet_days
from commands.sources import COHORTS, PLAN, number
from commands.spec import Me, Refused, Source

FARTHEST = timedelta(days=730)
"""How far off a call may be planned."""

LONGEST = timedelta(days=1096)
"""How long a program may last."""

DRAFT, OPEN, MATCHING = CohortState.DRAFT, CohortState.OPEN, CohortState.MATCHING
ACTIVE, CLOSING = CohortState.ACTIVE, CohortState.CLOSING

_NO_COHORT = _("There is no cohort yet. {create} starts one as a draft that nobody sees.", create=Run("cohort create"))


def cohort_field(source: str) -> Field:
    """Which cohort is meant; the only fitting one is taken without asking."""
    return Field("cohort", _("Which cohort?"), Kind.ONE, source=source)


def _fitting(name: str, *states: CohortState) -> Source:
    """Cohorts in these states; where there is none, all others, so that the refusal can say how they stand."""

    async def find(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
        found = await work.all(
            select(Cohort)
            .where(Cohort.community_id == me.community.id, Cohort.state.in_(states))
            .order_by(Cohort.id.desc())
            .limit(MOST_CHOICES)
        )
        fitting = [Choice(str(c.id), c.title) for c in found if typed.lower() in c.title.lower()]
        return fitting or await COHORTS.find(work, me, typed, answers)

    return Source(name, find, COHORTS.load, none=_NO_COHORT, step=PLAN)


DRAFTS = _fitting("draft cohorts", DRAFT)
CALLS = _fitting("open cohorts", OPEN)
TAKING = _fitting("cohorts with applications", OPEN, MATCHING, ACTIVE)


async def _templates(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    named = ((name, template(name).title) for name in templates())
    return [Choice(name, Words(title)) for name, title in named if typed.lower() in title.lower()][:MOST_CHOICES]


async def _template(work: Work, me: Me, value: str) -> Template | None:
    return template(value) if value in templates() else None


TEMPLATES = Source("templates", _templates, _template)
"""Program templates."""


async def _none(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    return ()


async def _change(work: Work, me: Me, value: str) -> Event | None:
    found = await work.find(Event, number(value))
    if found is None or found.community_id != me.community.id or found.kind not in UNDOABLE:
        return None
    return found


CHANGES = Source("changes", _none, _change)
"""Changes that can be undone; only buttons name them."""

SOURCES = (DRAFTS, CALLS, TAKING, TEMPLATES, CHANGES)

_NOW: Mapping[CohortState, Words] = {
    DRAFT: _("is a draft, and its call is not open yet. {next} opens it.", next=Run("cohort open")),
    OPEN: _("is open for applications. {next} ends the call.", next=Run("cohort close")),
    MATCHING: _(
        "has closed its call, and its pairs are being formed. {next} goes on with it.", next=Run("cohort match")
    ),
    ACTIVE: _("is running, and its pairs are talking. {next} shows how it stands.", next=Run("cohort status")),
    CLOSING: _("is coming to its end. {next} shows how it stands.", next=Run("cohort status")),
    CohortState.CLOSED: _("has ended. {next} starts another one.", next=Run("cohort create")),
    CohortState.CANCELLED: _("was cancelled. {next} starts another one.", next=Run("cohort create")),
}


async def take(work: Work, cohort: Cohort, *states: CohortState) -> None:
    """What `need_state` does, where the cohort is about to change: of two presses at once the second is refused."""
    await proposals.hold(work, cohort)
    need_state(cohort, *states)


def need_state(cohort: Cohort, *states: CohortState) -> None:
    """Refuse what a cohort is not ready for or is past, with how it stands and what comes next."""
    if cohort.state not in states:
        raise Refused(_("“{title}” {now}", title=cohort.title, now=_NOW[cohort.state]))


def fields(template: Template, names: Iterable[str]) -> Sequence[Field]:
    """The questions about these columns of a cohort."""
    return [_FIELDS[name](template) for name in names]


def answers(cohort: Cohort, names: Iterable[str]) -> dict[str, Answer]:
    """A cohort's columns as its form is answered."""
    return {name: _answer(getattr(cohort, name)) for name in names}


def read(found: Mapping[str, Any], *, near: date) -> dict[str, Any]:
    """A cohort's columns from the answers to `fields`; `near` is a day in the midst of the cohort. Raises Refused."""
    columns = dict(found)
    if "quiet_days" in columns:
        columns["quiet_days"] = quiet_days.read(columns["quiet_days"] or "", near=near)
    return columns


def check_order(dates: Dates, asked: Container[str] = DATES) -> None:
    """Refuse days that are not one after the other, beside the later one that is `asked`, naming both.

    Two that are settled may be the same day: a call can be closed on the day it opened.
    """
    for earlier, later in itertools.pairwise(DATES):
        before, after = getattr(dates, earlier), getattr(dates, later)
        if after <= before and (earlier in asked or later in asked):
            raise Refused(
                _(
                    "{after} is not after {before} ({event}). Please choose a later day here, or an earlier one there.",
                    after=Day(after),
                    before=Day(before),
                    event=DAYS[earlier],
                ),
                field=later if later in asked else earlier,
            )


def check_future(day: date, today: date, *, field: str) -> None:
    """Refuse a day that has passed, where something is to happen on it."""
    if day < today:
        raise Refused(_("{day} has passed. Please choose today or a later day.", day=Day(day)), field=field)


def check_span(dates: Dates, today: date) -> None:
    """Refuse days that lie so far off that they must be a slip."""
    if dates.opens_on > today + FARTHEST:
        raise Refused(_("{day} is years away. Please look at the year.", day=Day(dates.opens_on)), field="opens_on")
    if dates.ends_on > dates.starts_on + LONGEST:
        raise Refused(
            _("That is more than three years after the program starts. Please look at the year."), field="ends_on"
        )


def middle(dates: Dates) -> date:
    """A day in the midst of a cohort."""
    return dates.starts_on + (dates.ends_on - dates.starts_on) / 2


def _answer(value: object) -> Answer:
    if isinstance(value, list):
        return [str(one) for one in value]
    return "" if value is None else str(value)


def _title(template: Template) -> Field:
    return Field(
        "title", _("Its name"), max_length=LONGEST_TITLE, hint=_("Everybody reads it. For example: Mentoring 2027–28")
    )


def _topics(template: Template) -> Field:
    choices = tuple(Choice(key, template.topic_label(key)) for key in template.topics)
    return Field("topics", _("Topics to choose from"), Kind.MANY, choices)


def _capacity(template: Template) -> Field:
    return Field(
        "capacity",
        _("The most mentees"),
        Kind.NUMBER,
        required=False,
        least=1,
        most=100_000,
        page=2,
        hint=_(
            "Leave it empty if everybody may take part. Where more people ask, who has waited comes first, then who "
            "applied first. Read by the team alone."
        ),
    )


def _quiet_days(template: Template) -> Field:
    return Field(
        "quiet_days",
        _("Quiet days, on which I write to nobody"),
        required=False,
        page=2,
        hint=_("Days and spans, such as 2027-12-24 to 2028-01-02, 2028-02-21."),
    )


def _zone(template: Template) -> Field:
    return Field(
        "zone",
        _("The time zone in which its days begin and end"),
        Kind.TIMEZONE,
        source="zones",
        hint=_("Everybody gets messages by their own clock; this one is for the dates above."),
    )


def _day(name: str) -> Callable[[Template], Field]:
    hint = _("Until the end of that day.") if name in ("closes_on", "ends_on") else None
    return lambda template: Field(name, DAYS[name], Kind.DATE, hint=hint)


_FIELDS: Mapping[str, Callable[[Template], Field]] = {
    "title": _title,
    **{name: _day(name) for name in DATES},
    "zone": _zone,
    "topics": _topics,
    "capacity": _capacity,
    "quiet_days": _quiet_days,
}
