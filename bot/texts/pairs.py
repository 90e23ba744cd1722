"""How a pair is doing, in the words of charts, lists and letters: dates and figures, never what people write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.ui import All, Day, Who, Words, _, ngettext


class PairState(StrEnum):
    """How a pair is doing, in one word."""

    TALKING = "in contact"
    BEGUN = "just begun"
    QUIET = "quiet"
    PAUSED = "paused"
    NEEDY = "may need a hand"


class Need(StrEnum):
    """Why a pair may need its liaison."""

    HELP = "help"
    UNREACHABLE = "unreachable"
    EXPECTED = "expected"
    SILENT = "silent"
    NO_GOALS = "no goals"


STATES: Mapping[PairState, Words] = {
    PairState.TALKING: _("in contact"),
    PairState.BEGUN: _("just begun"),
    PairState.QUIET: _("quiet"),
    PairState.PAUSED: _("paused"),
    PairState.NEEDY: _("may need a hand"),
}
"""In the order in which charts show them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReport:
    """What a liaison may know of a pair.

    `needs` come most urgent first. `people` are its members, the mentee first; `unreachable`, `expected` (those who are
    not here yet) and `asked_by` are some of them. Days are the cohort's own. `goals` are written down, of at most
    `most_goals`; `reached` are some of them.
    """

    number: int
    cohort: str
    people: tuple[Who, ...]
    liaison: Who | None
    state: PairState
    needs: tuple[Need, ...]
    began_on: date
    ends_on: date
    news_on: date | None
    talked_on: date | None
    talks: int
    goals: int
    most_goals: int
    reached: int
    unreachable: tuple[Who, ...] = ()
    expected: tuple[Who, ...] = ()
    asked_by: tuple[Who, ...] = ()
    asked_on: date | None = None
    in_touch_on: date | None = None

    @property
    def args(self) -> Mapping[str, str]:
        """What a button about this pair carries."""
        return {"pair": str(self.number)}


def names(report: PairReport) -> All:
    """The members, as a sentence mentions them."""
    return All(report.people)


def label(report: PairReport) -> All:
    """The members as a button's label, where nobody can be mentioned and room is short."""
    return All(tuple(person.name[:24].strip() for person in report.people))


def line(report: PairReport) -> Words:
    """One pair in a list."""
    return _(
        "**{names}**: {state}. {news} {goals}",
        names=names(report),
        state=STATES[report.state],
        news=_("Last news on {day}.", day=Day(report.news_on)) if report.news_on else _("No news so far."),
        goals=goals(report),
    )


def needy(report: PairReport) -> Words:
    """One pair and why it may need its liaison."""
    return _("**{names}**: {reasons}", names=names(report), reasons=reasons(report))


def reasons(report: PairReport) -> Words:
    """Why a pair may need its liaison, a sentence each, the most urgent first."""
    places = {f"reason{place}": _REASONS[need](report) for place, need in enumerate(report.needs)}
    return Words(" ".join(f"{{{name}}}" for name in places), places)


def goals(report: PairReport) -> Words:
    """How far a pair is with its goals."""
    if not report.goals:
        return _("No goals so far.")
    if report.goals > report.most_goals:
        written = ngettext("{count} goal", "{count} goals", report.goals)
    else:
        written = _("{count} of {most} goals", count=report.goals, most=report.most_goals)
    if not report.reached:
        return _("{written} written down.", written=written)
    return _("{written} written down, {reached} reached.", written=written, reached=report.reached)


def asked(report: PairReport) -> Words:
    """Whether somebody asked for help."""
    if report.asked_on is None:
        return _("no")
    return _("{people}, on {day}", people=All(report.asked_by), day=Day(report.asked_on))


def _asked_for_help(report: PairReport) -> Words:
    people, day = All(report.asked_by), Day(report.asked_on or report.began_on)
    return _("{people} asked on {day}, to hear from you alone.", people=people, day=day)


def _unreachable(report: PairReport) -> Words:
    return _("My messages to {people} do not arrive.", people=All(report.unreachable))


def _expected(report: PairReport) -> Words:
    return _("{people} has not joined this chat yet.", people=All(report.expected))


def _silent(report: PairReport) -> Words:
    if report.news_on is None:
        return _("No news since they began on {day}.", day=Day(report.began_on))
    return _("No news since {day}.", day=Day(report.news_on))


def _no_goals(report: PairReport) -> Words:
    return _("No goals are written down so far.")


_REASONS = {
    Need.HELP: _asked_for_help,
    Need.UNREACHABLE: _unreachable,
    Need.EXPECTED: _expected,
    Need.SILENT: _silent,
    Need.NO_GOALS: _no_goals,
}
