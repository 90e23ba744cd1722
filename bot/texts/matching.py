"""What the committee reads while pairs are formed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import Cohort, CohortState, Event, Person, Role
from bot.texts.team import who
from bot.texts.undoing import with_undo
from bot.ui import All, Button, Buttons, Day, Facts, Inline, Message, Run, Words, _, message, ngettext

MOST_NAMES = 5
"""People who are named in one sentence."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A proposal in numbers: pairs, how many of them meet a first or another wish, and people left over."""

    pairs: int
    first: int
    other: int
    mentees: int
    mentors: int
    proof: Words

    @property
    def none(self) -> int:
        """Pairs that were formed for other reasons than a wish."""
        return self.pairs - self.first - self.other


_OPEN = _("The call is still taking applications.")


def call_is_open(cohort: Cohort, *, may_close: bool) -> Message:
    """Matching before the call is over: who may close it can do so here."""
    open_until = _(
        "**The call is still taking applications.** It is open until {day}, and pairs are formed when it has closed.",
        day=Day(cohort.closes_on),
    )
    if not may_close:
        return message(open_until, _("A coordinator can close it earlier."), notice=_OPEN)
    closing = _("Nobody can apply or change their answers once it is closed.")
    button = Button(_("Close the call and match"), "cohort match now", {"cohort": str(cohort.id)})
    return message(open_until, closing, Buttons((button,)), notice=_OPEN)


def begun(cohort: Cohort) -> Message:
    """Matching has begun."""
    return message(
        _("**I am forming the pairs of {cohort}.**", cohort=cohort.title),
        _("This takes from a moment to a minute. A message from me brings the result to you alone."),
    )


def closed_and_begun(begun: Message, event: Event, until: datetime | None) -> Message:
    """Matching has begun with one press that has closed the call, too."""
    closed = _("Everybody who applied hears that the call is closed. Undoing opens it again, without these pairs.")
    return with_undo(event, until, *begun.parts, closed)


def proposed(cohort: Cohort, outcome: Outcome) -> Message:
    """The result of matching, for whoever asked."""
    return message(
        _("**The proposed pairs are ready for your review.**"),
        Facts(
            (
                (_("Program"), cohort.title),
                (_("Pairs"), outcome.pairs),
                (_("Pairs that meet the mentee's first choice"), outcome.first),
                (_("Pairs that meet another wish"), outcome.other),
                *(((_("Pairs that meet no wish"), outcome.none),) if outcome.none else ()),
                (_("Mentees without a mentor"), outcome.mentees),
                (_("Mentors without a mentee"), outcome.mentors),
            )
        ),
        _("{proof} The rules of the program came first, then as many mentees as possible.", proof=outcome.proof),
        _("Nobody has been told. You can keep, change or forbid pairs before you publish them."),
        Buttons((review_button(cohort),)),
        notice=_("The proposed pairs are ready for your review."),
    )


def nobody(cohort: Cohort, missing: Role, waiting: Sequence[Person]) -> Message:
    """Nobody is free in one of the two roles, so no pair can be formed: who waits, and what can be done."""
    running = cohort.state is CohortState.ACTIVE
    first = (
        _("**There is no mentor who could be matched at the moment.**")
        if missing is Role.MENTOR
        else _("**There is no mentee who could be matched at the moment.**")
    )
    add = _("With {command} you can apply for somebody; then match again.", command=Run("cohort person"))
    args = {"cohort": str(cohort.id)}
    publish = Button(_("Publish without pairs"), "cohort publish", args)
    return message(
        first,
        *((waits(waiting),) if waiting else ()),
        add,
        Buttons(
            (
                *((publish,) if waiting and not running else ()),
                Button(_("Apply for somebody"), "cohort person", args),
                Button(_("Where do we stand?"), "cohort status", args),
            )
        ),
        notice=_("Nobody could be matched at the moment"),
    )


def waits(people: Sequence[Person]) -> Words:
    """Who has no partner; the first of many by name."""
    names: list[Inline] = [who(person) for person in people[:MOST_NAMES]]
    if len(people) > MOST_NAMES:
        names.append(ngettext("{count} more", "{count} more", len(people) - MOST_NAMES))
    return _("Waiting for a partner: {people}.", people=All(tuple(names)))


def failed() -> Message:
    """Matching did not come to an end, three times."""
    return message(
        _("**I could not form the pairs.**"),
        _("Something went wrong on my side, and nothing was changed. Whoever runs me finds the cause in my log."),
        Buttons((Button(_("Match again"), "cohort match"),)),
    )


def review_button(cohort: Cohort) -> Button:
    """The way to the proposed pairs."""
    return Button(_("Review the pairs"), "cohort review", {"cohort": str(cohort.id)})


def match_button(cohort: Cohort) -> Button:
    """The way to a new proposal."""
    return Button(_("Match again"), "cohort match", {"cohort": str(cohort.id)})
