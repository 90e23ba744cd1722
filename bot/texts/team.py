"""What the team hears: coordinators and liaisons, in their own direct messages."""

from __future__ import annotations

from bot.domain import Person
from bot.ui import Button, Buttons, Message, Who, _, message


def who(person: Person) -> Who:
    """A person as a text mentions them."""
    return Who(person.id, person.name)


def unreachable(person: Person) -> Message:
    """A liaison hears that my messages do not reach somebody."""
    return message(
        _("**I cannot reach one of the people you look after.**"),
        _(
            "My messages to {person} do not arrive: the account is closed, or it takes no messages from me. A mail or a "
            "call from you may help. I try again as soon as {person} writes to me.",
            person=who(person),
        ),
        Buttons((Button(_("My pairs"), "liaison pairs"),)),
    )
