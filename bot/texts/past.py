"""Where somebody stands whose pair has ended: that it did, what is possible now, and that their talks are theirs."""

from __future__ import annotations

from bot.domain import Cohort, Pairing, Person
from bot.texts.applications import TELL_ME
from bot.texts.leaving import another_match
from bot.texts.team import who
from bot.ui import Button, Buttons, Day, Message, Words, _, message

NOTICE = _("Where you stand in your mentoring program")


def undecided(pairing: Pairing, me: Person, member: int) -> Message:
    """The partner left, and it is open whether they want another match."""
    return message(
        _ended(pairing, me),
        _("Your place in {title} is kept.", title=pairing.cohort.title),
        _("Would you like another match? You need not decide today."),
        Buttons(another_match(member), (_talks(pairing),)),
        notice=NOTICE,
    )


def looking(pairing: Pairing, me: Person) -> Message:
    """The partner left, and they asked for another match."""
    return message(
        _ended(pairing, me),
        _("The committee looks for another match for you, and I write as soon as there is news."),
        Buttons((_talks(pairing),), (Button(_("Take me off the list"), "mentor withdraw"),)),
        notice=NOTICE,
    )


def over(pairing: Pairing, me: Person, *, call: Cohort | None) -> Message:
    """The pair ended and nothing is to come of it: the next call is where it goes on."""
    if call is None:
        next_step: Words = _("If you would like to take part again, I can tell you on the day the next call opens.")
        return message(_ended(pairing, me), next_step, Buttons((TELL_ME, _talks(pairing))), notice=NOTICE)
    return message(
        _ended(pairing, me),
        _("If you would like to take part again, you can apply until {day}.", day=Day(call.closes_on)),
        Buttons((Button(_("Apply"), "mentor join"), _talks(pairing))),
        notice=NOTICE,
    )


def _ended(pairing: Pairing, me: Person) -> Words:
    partner = who(pairing.partner(me.id).person)
    if pairing.ends_on is None:
        return _("**Your pair with {partner} has ended.**", partner=partner)
    return _("**Your pair with {partner} ended on {day}.**", partner=partner, day=Day(pairing.ends_on))


def _talks(pairing: Pairing) -> Button:
    return Button(_("See our talks"), "checkin history", {"pair": str(pairing.id)})
