"""Setting up: the first coordinator, and admins who take the role up later."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Person
from bot.texts.rooms import CHOOSE
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Message, Words, _, message

_BEGIN = (Button(_("Plan a program"), "cohort create"), Button(_("See the team"), "cohort team"))
_STATUS = Button(_("Where do we stand?"), "cohort status")


def appointed(person: Person, *, by: Person, others: Sequence[Person], rooms: bool = False) -> Message:
    """An admin named a coordinator, mostly themselves. `rooms`: they choose the channel below which rooms open."""
    if person.id != by.id:
        return message(
            _("**{person} is a coordinator now.** I tell them what that means.", person=who(person)),
            *_told(others),
            notice=_("The program has a coordinator"),
        )
    return message(
        _("**You are a coordinator now.** Nothing is visible to anybody else until you open a call."),
        _(
            "A good start: plan a program, invite me to the channel where people should hear of it, and to a private "
            "one for your liaisons."
        ),
        *_told(others),
        Buttons(_BEGIN, (CHOOSE,) if rooms else ()),
        notice=_("You are a coordinator now"),
    )


def claimed(reader: Person, person: Person, by: Person) -> Message:
    """A coordinator hears that an admin gave the role to somebody else too."""
    return message(
        _("**{reader}, there is another coordinator: {person}.**", reader=who(reader), person=who(person)),
        _("{by} did this by the right of an admin of this space. You stay a coordinator as well.", by=who(by)),
        Buttons((Button(_("See the team"), "cohort team"),)),
        notice=_("There is another coordinator"),
    )


def coordinates_already() -> Message:
    """Who coordinates needs no setting up."""
    return message(you_are_already(), Buttons((_STATUS, *_BEGIN)))


def you_are_already() -> Words:
    """The same as a sentence."""
    return _("You are a coordinator here already: there is nothing more to set up.")


def admins_only(coordinators: Sequence[Person]) -> Words:
    """Somebody without that right asked."""
    if coordinators:
        return _(
            "Only an admin of this community's own chat can do that. To join the team, ask {coordinators}.",
            coordinators=All(tuple(who(person) for person in coordinators)),
        )
    return _("Only an admin of this space can do that. Please ask one of them to type it.")


def _told(others: Sequence[Person]) -> tuple[Words, ...]:
    if not others:
        return ()
    return (_("{others} hear of it too.", others=All(tuple(who(other) for other in others))),)
