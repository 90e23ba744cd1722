"""Where a cohort stands, for its team: dates, numbers, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain import Cohort, CohortState, Person, Wanted
from bot.programs.template import Template
from bot.texts import matching
from bot.texts.arrivals import EXPECTED
from bot.texts.cohort_news import DAYS
from bot.texts.cohorts import STATES, button
from bot.ui import Button, Buttons, Day, Facts, Inline, Message, Table, Words, _, message


@dataclass(frozen=True, slots=True)
class Figures:
    """A cohort in numbers. `asked` and `offered` count wishes and mentors' places by topic; `late` waits for a yes;
    `expected` have applied and have not joined the chat.
    """

    wanted: Mapping[Wanted, int] = field(default_factory=dict)
    late: int = 0
    asked: Mapping[str, int] = field(default_factory=dict)
    offered: Mapping[str, int] = field(default_factory=dict)
    pairs: int = 0
    expected: int = 0

    @property
    def applications(self) -> int:
        """All that the committee reads."""
        return sum(self.wanted.values())


_NEXT_DAY: Mapping[CohortState, str] = {
    CohortState.DRAFT: "opens_on",
    CohortState.OPEN: "closes_on",
    CohortState.MATCHING: "announced_on",
    CohortState.ACTIVE: "ends_on",
    CohortState.CLOSING: "ends_on",
}

_EDIT, _CANCEL = (_("Change dates and topics"), "cohort edit"), (_("Cancel the cohort"), "cohort cancel")
_PERSON = (_("Apply for somebody"), "cohort person")
_NEW = (_("Enter somebody new"), "cohort person new")
_FILE = (_("Get everybody as a file"), "cohort people")

_STEPS: Mapping[CohortState, tuple[tuple[tuple[Words, str], ...], tuple[tuple[Words, str], ...]]] = {
    CohortState.DRAFT: (((_("Open the call"), "cohort open"), _EDIT), (_CANCEL,)),
    CohortState.OPEN: (((_("Close the call now"), "cohort close"), _EDIT), (_PERSON, _NEW, _FILE, _CANCEL)),
    CohortState.MATCHING: (
        ((_("Propose pairs"), "cohort match"), (_("Review the pairs"), "cohort review")),
        (_PERSON, _NEW, _EDIT, _FILE, _CANCEL),
    ),
    CohortState.ACTIVE: ((_EDIT,), (_PERSON, _NEW, _FILE, _CANCEL)),
    CohortState.CLOSING: ((_EDIT,), (_FILE, _CANCEL)),
}
"""What a coordinator can do next in each state: the likeliest, and smaller ones."""


def status(
    cohort: Cohort, template: Template, figures: Figures, *, steps: bool, today: date, waiting: Sequence[Person] = ()
) -> Message:
    """Where the cohort stands; `steps` are shown to coordinators, who may take them."""
    return message(
        _("**{title}: {state}**", title=cohort.title, state=STATES[cohort.state]),
        Facts((*_next_day(cohort, today), *_counts(figures), *_room(cohort))),
        *((matching.waits(waiting),) if waiting else ()),
        *_topics(cohort, template, figures),
        *(_buttons(cohort, figures, waits=bool(waiting)) if steps else ()),
        notice=_("Where the cohort stands"),
    )


def _next_day(cohort: Cohort, today: date) -> tuple[tuple[Words, Inline], ...]:
    name = _NEXT_DAY.get(cohort.state)
    if name == "announced_on" and cohort.announced_on < today:
        return ((_("Pairs were to be announced"), Day(cohort.announced_on)),)
    return () if name is None else ((DAYS[name], Day(getattr(cohort, name))),)


def _counts(figures: Figures) -> tuple[tuple[Words, Inline], ...]:
    counts = (
        (_("Applications as a mentee"), figures.wanted.get(Wanted.MENTEE, 0)),
        (_("Applications as a mentor"), figures.wanted.get(Wanted.MENTOR, 0)),
        (_("Applications as both"), figures.wanted.get(Wanted.BOTH, 0)),
    )
    rare = (
        (_("Late, waiting for your yes"), figures.late),
        (_("Pairs"), figures.pairs),
        (_("Not here yet"), figures.expected),
    )
    return (*counts, *((label, count) for label, count in rare if count))


def _room(cohort: Cohort) -> tuple[tuple[Words, Inline], ...]:
    return () if cohort.capacity is None else ((_("The most mentees"), cohort.capacity),)


def _topics(cohort: Cohort, template: Template, figures: Figures) -> tuple[Table, ...]:
    if not figures.applications:
        return ()
    rows = tuple(
        (template.topic_label(key), figures.asked.get(key, 0), figures.offered.get(key, 0)) for key in cohort.topics
    )
    return (Table((_("Topic"), _("Mentees who ask"), _("Places offered")), rows),)


def _buttons(cohort: Cohort, figures: Figures, *, waits: bool) -> tuple[Buttons, ...]:
    if cohort.state not in _STEPS:
        return (Buttons((Button(_("Plan the next one"), "cohort create"),)),)
    main, quiet = _STEPS[cohort.state]
    late = (Button(_("Decide about late applications"), "cohort late"),) if figures.late else ()
    again = (button(_("Propose pairs"), "cohort match", cohort),) if waits else ()
    expected = (EXPECTED,) if figures.expected else ()
    return (
        Buttons(
            (*late, *again, *expected, *(button(label, run, cohort) for label, run in main)),
            tuple(button(label, run, cohort) for label, run in quiet),
        ),
    )
