"""The liaisons' summary: figures for all in the channel, names and reasons for each pair's own liaison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.texts import charts, pairs
from bot.texts.pairs import Need, PairReport, PairState
from bot.ui import (
    Button,
    Buttons,
    Facts,
    Inline,
    Message,
    Part,
    Picture,
    Row,
    Rows,
    Who,
    Words,
    _,
    message,
    ngettext,
)

MOST_LIAISONS = 12
"""Liaisons with a line of their own; the others share the last one."""

MOST_NEEDY = 5
"""Pairs that one letter names; the others are a tap away."""

MY_PAIRS = Button(_("My pairs"), "liaison pairs")
AWAY = Button(_("I am away"), "liaison away")
CHOOSE = Button(_("Choose a channel"), "liaison channel")


@dataclass(frozen=True, slots=True)
class Care:
    """One liaison's pairs as the channel may know them: how many there are, and how many may need a hand."""

    liaison: Who | None
    pairs: int
    needy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A cohort in figures, without the name of any member.

    `talked`, `needy` and `with_goals` count pairs. `fortnights` are the first day of each two weeks, the last of which
    ends today, and the talks noted in it. `weeks` is how often the summary comes. `pictured`: there are enough pairs
    for a picture.
    """

    cohort: int
    title: str
    weeks: int
    pairs: int
    talked: int
    needy: int
    goals: int
    with_goals: int
    reached: int
    states: Mapping[PairState, int]
    fortnights: Sequence[tuple[date, int]]
    care: Sequence[Care]
    pictured: bool


def posted(figures: Figures) -> Message:
    """The summary in the liaison channel."""
    return message(
        *_all(figures), Buttons((MY_PAIRS,), (pace(figures.cohort, figures.weeks),)), private=False, notice=_notice()
    )


def for_coordinators(figures: Figures) -> Message:
    """The same for a coordinator, as long as there is no channel for it."""
    return message(
        *_all(figures),
        _("No liaison channel is chosen so far, so this comes to the coordinators alone."),
        Buttons((CHOOSE, Button(_("See the pairs"), "liaison pairs")), (pace(figures.cohort, figures.weeks),)),
        notice=_notice(),
    )


def mine(liaison: Who, reports: Sequence[PairReport], *, cohort: int, weeks: int) -> Message:
    """One liaison's own pairs: who may need a word, and why. `reports` come most urgent first."""
    needy = [report for report in reports if report.needs]
    quiet = (AWAY, pace(cohort, weeks))
    if not needy:
        return message(_all_well(liaison, len(reports)), Buttons((_see(len(reports)),), quiet), notice=_my_notice())
    return message(
        _some_needy(liaison, len(needy), of=len(reports)),
        *named(needy),
        _("These are days and figures; what people write is theirs."),
        Buttons(_next(needy, of=len(reports)), quiet),
        notice=_my_notice(),
    )


def pace(cohort: int, weeks: int) -> Button:
    """Changes how often the summary comes."""
    args = {"cohort": str(cohort)}
    if weeks == 1:
        return Button(_("Every two weeks, for all liaisons"), "liaison pace", {**args, "weeks": "2"})
    return Button(_("Every week, for all liaisons"), "liaison pace", {**args, "weeks": "1"})


def write(report: PairReport) -> Button:
    """Opens a few lines to a pair."""
    return Button(_("Write to {names}", names=pairs.label(report)), "liaison write", report.args)


def touch(report: PairReport) -> Button:
    """Says that a person takes care of a pair."""
    return Button(_("I am in touch"), "liaison touch", report.args)


def _all(figures: Figures) -> Sequence[Words | Part]:
    """Everything that both kinds of readers see."""
    if not figures.pairs:
        return (_("**{title}: no pair is under way at the moment.**", title=figures.title),)
    if not (figures.needy or figures.talked or figures.goals):
        return (_nothing(figures),)
    return (_headline(figures), _talks_and_goals(figures), *_pictures(figures), *_care(figures))


def _nothing(figures: Figures) -> Words:
    return ngettext(
        "**{title}: nothing to tell this time.** {count} pair is under way, and I have no sign that it needs you.",
        "**{title}: nothing to tell this time.** {count} pairs are under way, and I have no sign that any needs you.",
        figures.pairs,
        title=figures.title,
    )


def _headline(figures: Figures) -> Words:
    if not figures.needy:
        return ngettext(
            "**{title}: {count} pair is under way, and it needs no hand at the moment.**",
            "**{title}: {count} pairs are under way, and none needs a hand at the moment.**",
            figures.pairs,
            title=figures.title,
        )
    if figures.pairs == 1:
        return _("**{title}: 1 pair is under way, and it may need a hand.**", title=figures.title)
    return ngettext(
        "**{title}: of {pairs} pairs, {count} may need a hand.**",
        "**{title}: of {pairs} pairs, {count} may need a hand.**",
        figures.needy,
        title=figures.title,
        pairs=figures.pairs,
    )


def _talks_and_goals(figures: Figures) -> Facts:
    goals: Inline = _("none so far")
    if figures.goals:
        goals = ngettext(
            "{goals}, by {count} pair", "{goals}, by {count} pairs", figures.with_goals, goals=figures.goals
        )
    return Facts(
        (
            (_("Talked in the last two weeks"), _of(figures.talked, figures.pairs)),
            (_("Goals written down"), goals),
            (_("Goals reached"), figures.reached),
        )
    )


def _pictures(figures: Figures) -> Sequence[Picture]:
    """Those charts that show more than the sentences say: not columns of nothing, not one bar alone."""
    if not figures.pictured:
        return ()
    says_when = len(figures.fortnights) > 1 and any(count for _first, count in figures.fortnights)
    says_how = len([count for count in figures.states.values() if count]) > 1
    talks = (charts.talks(figures.fortnights),) if says_when else ()
    return (*talks, charts.states(figures.states)) if says_how else talks


def _care(figures: Figures) -> Sequence[Words | Part]:
    """A line for each liaison, and where the names are."""
    if not figures.needy:
        return ()
    named = [care for care in figures.care if care.liaison is not None]
    alone = [care for care in figures.care if care.liaison is None]
    lines = [(_("{liaison}", liaison=care.liaison or ""), _hand(care)) for care in named[:MOST_LIAISONS]]
    rest = named[MOST_LIAISONS:]
    if rest:
        others = Care(None, sum(care.pairs for care in rest), sum(care.needy for care in rest))
        lines.append((ngettext("{count} more liaison", "{count} more liaisons", len(rest)), _hand(others)))
    lines += [(_("Without a liaison"), _hand(care)) for care in alone]
    return (
        _("**May need a hand**"),
        Facts(tuple(lines)),
        _("Each liaison has the names and the reasons in a message from me. Nobody's words are in it."),
    )


def _hand(care: Care) -> Words:
    return _of(care.needy, care.pairs)


def _of(some: int, total: int) -> Words:
    return ngettext("{some} of {count} pair", "{some} of {count} pairs", total, some=some)


def _all_well(liaison: Who, count: int) -> Words:
    return ngettext(
        "**{liaison}, your pair needs no hand at the moment.**",
        "**{liaison}, none of your {count} pairs needs a hand at the moment.**",
        count,
        liaison=liaison,
    )


def _some_needy(liaison: Who, needy: int, *, of: int) -> Words:
    if of == 1:
        return _("**{liaison}, your pair may need you.**", liaison=liaison)
    if needy == of:
        return _("**{liaison}, all of your {count} pairs may need you.**", liaison=liaison, count=of)
    return ngettext(
        "**{liaison}, {count} of your {pairs} pairs may need you.**",
        "**{liaison}, {count} of your {pairs} pairs may need you.**",
        needy,
        liaison=liaison,
        pairs=of,
    )


def named(needy: Sequence[PairReport]) -> Sequence[Words | Part]:
    """The pairs that may need their liaison; one alone has its buttons below the message."""
    if len(needy) == 1:
        return (pairs.needy(needy[0]), *_a_word(needy))
    rows = Rows(tuple(Row(pairs.needy(report), _buttons(report)) for report in needy[:MOST_NEEDY]))
    rest = len(needy) - MOST_NEEDY
    more = [ngettext("{count} more pair may need you.", "{count} more pairs may need you.", rest)] if rest > 0 else []
    return (rows, *more, *_a_word(needy))


def _a_word(needy: Sequence[PairReport]) -> Sequence[Words]:
    if any(Need.SILENT in report.needs for report in needy):
        return (_("A few words from a person usually do more than another message from me."),)
    return ()


def _buttons(report: PairReport) -> tuple[Button, ...]:
    return (Button(_("See this pair"), "liaison pair", report.args), touch(report))


def _next(needy: Sequence[PairReport], *, of: int) -> tuple[Button, ...]:
    """The likeliest next steps. Who asked to be heard alone is not written to in the pair's room."""
    if len(needy) > 1:
        return (_see(of),)
    first = _buttons(needy[0])[0] if Need.HELP in needy[0].needs else write(needy[0])
    return (first, touch(needy[0]), *((_see(of),) if of > 1 else ()))


def _see(count: int) -> Button:
    return Button(ngettext("See my pair", "See all {count}", count), "liaison pairs")


def _notice() -> Words:
    return _("The liaisons' summary of your mentoring program")


def _my_notice() -> Words:
    return _("The summary of the pairs you look after")
