"""What the committee reads while pairs are formed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import Cohort, Event
from bot.texts.undoing import with_undo
from bot.ui import Button, Buttons, Day, Facts, Message, Words, _, message


@dataclass(frozen=True, slots=True)
class Outcome:
    """A proposal in numbers: pairs, how many of them meet a first or another wish, and people left over."""

    pairs: int
    first: int
    other: int
    mentees: int
    mentors: int
    proof: Words


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
        _("This takes from a moment to a minute. A message from me brings you the result; nobody else hears of it."),
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
                (_("Mentees without a mentor"), outcome.mentees),
                (_("Mentors without a mentee"), outcome.mentors),
            )
        ),
        _("{proof} The rules of the program came first, then as many mentees as possible.", proof=outcome.proof),
        _("Nobody has been told. You can keep, change or forbid pairs before you publish them."),
        Buttons((review_button(cohort),)),
        notice=_("The proposed pairs are ready for your review."),
    )


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
