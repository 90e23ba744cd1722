"""What coordinators hear when a date of their cohort has come."""

from __future__ import annotations

from bot.domain import Cohort
from bot.ui import Button, Buttons, Day, Message, Words, _, message, ngettext


def call_is_closed(cohort: Cohort, applications: int, late: int) -> Message:
    """The call's last day is over: how many applied, and what comes next."""
    came: Words = ngettext("There is one application.", "There are {count} applications.", applications)
    waits = () if not late else (ngettext("One more came late.", "{count} more came late.", late),)
    return message(
        _("**The call for {title} is closed.**", title=cohort.title),
        came,
        *waits,
        _(
            "Next come the pairs: I propose them, the committee looks at each, and you publish them by {announced}.",
            announced=Day(cohort.announced_on),
        ),
        Buttons((_match(cohort), _status(cohort))),
    )


def announcement_is_near(cohort: Cohort) -> Message:
    """A week before the announcement, while no pairs are published."""
    return message(
        _("**Pairs of {title} are announced on {day}.**", title=cohort.title, day=Day(cohort.announced_on)),
        _(
            "Everybody who applied was told that day. If you need more time, move it: I tell them, and nobody has "
            "to wonder."
        ),
        Buttons(
            (
                Button(_("Review the pairs"), "cohort review", _args(cohort)),
                Button(_("Move the date"), "cohort edit", _args(cohort)),
            )
        ),
        notice=_("Pairs are announced on {day}", day=Day(cohort.announced_on)),
    )


def announcement_has_passed(cohort: Cohort) -> Message:
    """The day after the announcement, while no pairs are published: applicants wait for news."""
    return message(
        _("**Pairs of {title} were to be announced on {day}.**", title=cohort.title, day=Day(cohort.announced_on)),
        _(
            "Everybody who applied counts on that day and has heard nothing. Publishing tells them, also if no pair "
            "can be formed. If you need more time, move the date: I tell them that, too."
        ),
        Buttons(
            (
                Button(_("Review the pairs"), "cohort review", _args(cohort)),
                Button(_("Move the date"), "cohort edit", _args(cohort)),
            )
        ),
        notice=_("Pairs were to be announced on {day}", day=Day(cohort.announced_on)),
    )


def cohort_has_ended(cohort: Cohort, pairs: int) -> Message:
    """The last day is over."""
    return message(
        _("**{title} has ended.**", title=cohort.title),
        ngettext(
            "One pair has come to its end, and I have thanked both in their own place.",
            "{count} pairs have come to their end, and I have thanked each in its own place.",
            pairs,
        ),
        _("Thank you for carrying it. A new cohort begins with a draft that nobody sees."),
        Buttons((Button(_("Plan the next one"), "cohort create"), _status(cohort))),
    )


def call_waits(cohort: Cohort, other: Cohort | None) -> Message:
    """A prepared call could not be posted."""
    why = (
        _("I could not find the channel any more.")
        if other is None
        else _(
            "{other} takes applications or forms its pairs, and two calls at a time confuse everybody.",
            other=other.title,
        )
    )
    return message(
        _("**The call for {title} waits for you.**", title=cohort.title),
        _("It was to be posted today. {why}", why=why),
        Buttons((Button(_("Open the call"), "cohort open", _args(cohort)), _status(cohort))),
    )


def _match(cohort: Cohort) -> Button:
    return Button(_("Propose pairs"), "cohort match", _args(cohort))


def _status(cohort: Cohort) -> Button:
    return Button(_("Where do we stand?"), "cohort status", _args(cohort))


def _args(cohort: Cohort) -> dict[str, str]:
    return {"cohort": str(cohort.id)}
