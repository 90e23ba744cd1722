"""How a pair is doing: from facts alone, so that a letter, a list and a chart can never disagree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import programs
from bot.domain import PairingState, rhythm
from bot.domain.zones import zone_called
from bot.texts.pairs import Need, PairReport, PairState
from bot.ui import Who

GOALS_AFTER = timedelta(weeks=6)
"""How long a pair may find its goals before its liaison is told that it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFacts:
    """What is known of one pair: numbers, states and moments. Instants are aware UTC, days the cohort's own.

    `hears_at` is the day on which members were told that their liaison hears of a silence, `told_at` when that was.
    `rests`: a member has paused their letters, which explains a silence. `asked` holds who asked for help, and when,
    as far as the reader may know it. `in_touch_at` is when the liaison last said that a person takes care.
    """

    number: int
    cohort: str
    template: str
    zone: str
    state: PairingState
    people: tuple[Who, ...]
    liaison: Who | None
    starts_on: date
    ends_on: date
    introduced_at: datetime | None = None
    last_sign_at: datetime | None = None
    well_until: datetime | None = None
    hears_at: datetime | None = None
    told_at: datetime | None = None
    rests: bool = False
    unreachable: tuple[Who, ...] = ()
    expected: tuple[Who, ...] = ()
    asked: tuple[tuple[Who, datetime], ...] = ()
    in_touch_at: datetime | None = None
    talked_on: date | None = None
    talks: int = 0
    goals: int = 0
    reached: int = 0


def report(facts: PairFacts, now: datetime) -> PairReport:
    """How a pair is doing at an instant: its state, what it may need, and the figures behind it."""
    case = _Case(facts, now)
    needs = tuple(need for need, holds in _NEEDS if holds(case))
    return PairReport(
        number=facts.number,
        cohort=facts.cohort,
        people=facts.people,
        liaison=facts.liaison,
        state=next(state for state, holds in _STATES if holds(case, needs)),
        needs=needs,
        began_on=min(facts.starts_on, case.day(facts.introduced_at) or facts.starts_on),
        ends_on=facts.ends_on,
        news_on=case.day(facts.last_sign_at),
        talked_on=facts.talked_on,
        talks=facts.talks,
        goals=facts.goals,
        most_goals=programs.template(facts.template).goals,
        reached=facts.reached,
        unreachable=facts.unreachable,
        expected=facts.expected,
        asked_by=tuple(dict.fromkeys(person for person, _at in facts.asked)),
        asked_on=case.day(min((at for _person, at in facts.asked), default=None)),
        in_touch_on=case.day(facts.in_touch_at),
    )


class _Case:
    """The facts as rules ask for them."""

    def __init__(self, facts: PairFacts, now: datetime) -> None:
        self.facts = facts
        self.now = now
        self.nudges = programs.template(facts.template).nudges
        heard = [day for at in (facts.introduced_at, facts.last_sign_at) if (day := self.day(at)) is not None]
        today = rhythm.day_in(now, zone_called(facts.zone))
        self.age = today - facts.starts_on
        self.silence = (today - max([*heard, facts.starts_on])).days

    def day(self, at: datetime | None) -> date | None:
        """The cohort's calendar day of an instant."""
        return None if at is None else rhythm.day_in(at, zone_called(self.facts.zone))

    @property
    def is_active(self) -> bool:
        """Whether the pair goes on as planned."""
        return self.facts.state is PairingState.ACTIVE and not self.waits

    @property
    def waits(self) -> bool:
        """Whether the pair has not begun, because somebody is not here yet."""
        return bool(self.facts.expected)

    @property
    def is_well(self) -> bool:
        """Whether somebody said that all is well."""
        return self.facts.well_until is not None and self.now < self.facts.well_until

    @property
    def is_cared_for(self) -> bool:
        """Whether the liaison was in touch lately: for as long as a silence lasts, the pair is left alone."""
        touched = self.facts.in_touch_at
        return touched is not None and self.now < touched + timedelta(days=self.nudges.silent_days)


def _asks_for_help(case: _Case) -> bool:
    return bool(case.facts.asked)


def _is_unreachable(case: _Case) -> bool:
    return case.is_active and bool(case.facts.unreachable) and not case.is_cared_for


def _waits_for_somebody(case: _Case) -> bool:
    return case.waits and not case.is_cared_for


def _is_silent(case: _Case) -> bool:
    """Whether the liaison may know of a silence.

    Members are asked first, and told the day on which their liaison hears of it: until then it is nobody's business.
    Where nobody could be asked, the liaison learns of it after the same time.
    """
    facts, silent = case.facts, case.silence >= case.nudges.silent_days
    if not (silent and case.is_active) or case.is_well or case.is_cared_for or facts.rests:
        return False
    if facts.hears_at is not None:
        return facts.hears_at <= case.now
    return facts.told_at is not None or case.silence >= case.nudges.silent_days + case.nudges.liaison_after_days


def _lacks_goals(case: _Case) -> bool:
    return case.is_active and not case.facts.goals and case.age >= GOALS_AFTER and not case.is_cared_for


_NEEDS: tuple[tuple[Need, Callable[[_Case], bool]], ...] = (
    (Need.HELP, _asks_for_help),
    (Need.UNREACHABLE, _is_unreachable),
    (Need.EXPECTED, _waits_for_somebody),
    (Need.SILENT, _is_silent),
    (Need.NO_GOALS, _lacks_goals),
)
"""The most urgent first."""


_Needs = tuple[Need, ...]


def _needs_a_hand(case: _Case, needs: _Needs) -> bool:
    return bool(needs)


def _is_paused(case: _Case, needs: _Needs) -> bool:
    return case.facts.state is not PairingState.ACTIVE


def _is_quiet(case: _Case, needs: _Needs) -> bool:
    return case.silence >= case.nudges.silent_days and not case.is_well


def _has_begun(case: _Case, needs: _Needs) -> bool:
    return case.facts.last_sign_at is None


def _talks(case: _Case, needs: _Needs) -> bool:
    return True


_STATES: tuple[tuple[PairState, Callable[[_Case, _Needs], bool]], ...] = (
    (PairState.NEEDY, _needs_a_hand),
    (PairState.PAUSED, _is_paused),
    (PairState.QUIET, _is_quiet),
    (PairState.BEGUN, _has_begun),
    (PairState.TALKING, _talks),
)
"""The first that holds."""
