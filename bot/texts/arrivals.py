"""What is said of somebody who was entered before they joined the chat, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Cohort, Pairing, Person
from bot.texts.applications import STAND
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Message, Row, Rows, Run, Who, Words, _, message, ngettext

_ARRIVED = Run("cohort person arrived")

EXPECTED = Button(_("Who is not here yet"), "cohort person expected")

MOST = 20
"""People that one message lists."""


def nobody_called(name: str) -> Message:
    """A name that nobody here has: somebody new can be entered by it."""
    write = Button(_("Enter somebody new"), "cohort person new", {"called": name})
    return message(
        _("I do not find “{name}” here. Whoever has not joined this chat yet is entered by name and mail.", name=name),
        Buttons((write,)),
        notice=_("Here is what to do instead"),
    )


def several_called(name: str, people: Sequence[tuple[Person, bool]]) -> Message:
    """A name that several people have, each with whether they are here."""
    buttons = [
        Button(
            _("{name}, who is here", name=person.name) if here else _("{name}, not here yet", name=person.name),
            "cohort person",
            {"person": str(person.id)},
        )
        for person, here in people
    ]
    return message(
        _("Several people are called “{name}”. Whom do you mean?", name=name),
        Buttons(tuple(buttons)),
        notice=_("One question first"),
    )


def wrong_mail(typed: str) -> Words:
    """What was typed cannot be a mail address."""
    return _("“{typed}” is not a mail address. Please write it like ada@example.org.", typed=typed)


def is_known(person: Person) -> Words:
    """A mail address is somebody's already."""
    return _("This mail address is {person}'s, so I go on with {person}.", person=who(person))


def belongs_to(person: Person) -> Words:
    """A mail address is somebody else's."""
    return _(
        "This mail address is {person}'s. {arrived} tells me if they are one.", person=who(person), arrived=_ARRIVED
    )


def corrected(person: Person) -> Message:
    """Another mail address is written down."""
    return message(
        _("**Corrected.** {person}: {mail}.", person=who(person), mail=person.mail),
        Buttons((EXPECTED,)),
        notice=_("The mail address is corrected"),
    )


def is_written_down(person: Person) -> Words:
    """Somebody new is entered."""
    return _("{person} is written down, and I expect {person} here.", person=who(person))


def invite(person: Person) -> Words:
    """Who cannot be written to hears on arriving, and only a person can bring that about."""
    return _(
        "{person} has not joined this chat yet, and hears from me on joining it. Please send an invitation to {mail}.",
        person=who(person),
        mail=person.mail,
    )


def not_here(people: Sequence[Person], *, count: int) -> Message:
    """Everybody who was entered and has not joined: to invite them, and to say who joined as somebody else."""
    if not people:
        return message(_("Everybody whom you entered is here."), Buttons((_NEW,)))
    rest = count - len(people)
    return message(
        ngettext("**{count} person is not here yet.**", "**{count} people are not here yet.**", count),
        Rows(tuple(_row(person) for person in people)),
        *((ngettext("And one more.", "And {count} more.", rest),) if rest else ()),
        _(
            "Please invite them to this chat. I know them by their mail address where this chat tells it to me. Where "
            "it does not, {arrived} tells me who they are; I never go by a name alone.",
            arrived=_ARRIVED,
        ),
        Buttons((_NEW,)),
        notice=_("Who is not here yet"),
    )


def ask(entered: Person, here: Person) -> Message:
    """Two people may be one: what that does, asked once."""
    args = {"person": str(entered.id), "newcomer": str(here.id)}
    return message(
        _("**Is {here} the {entered} whom you entered with {mail}?**", **_both(entered, here), mail=entered.mail),
        _(
            "All that was written down for {entered} is then {here}'s: the application, the pair, and my letters, "
            "which go out. {here} hears that you said so. It cannot be taken back.",
            **_both(entered, here),
        ),
        Buttons((Button(_("Yes, the same person"), "cohort person arrived now", args), Button(_("No"), "cohort keep"))),
        notice=_("Is this one person?"),
    )


def recognized(here: Person) -> Message:
    """It is done."""
    return message(
        _("**{here} is here.** What was written down is {here}'s now, and I write to {here}.", here=who(here)),
        Buttons((EXPECTED, _NEW)),
        notice=_("Noted: one person"),
    )


def welcome(here: Person, by: Person) -> Message:
    """Somebody hears that a coordinator has recognized them, and what became theirs by that."""
    return message(
        _("**{here}, you were expected here.**", here=who(here)),
        _(
            "{by} entered you for the mentoring program before you joined this chat, and has told me that this is you. "
            "What was written down is yours now, and so are my letters about it.",
            by=who(by),
        ),
        _("If this is not you, please write to {by} at once.", by=who(by)),
        Buttons((STAND,)),
        notice=_("You were expected in the mentoring program"),
    )


def partner_expected(person: Person, pairing: Pairing) -> Message:
    """Somebody hears with whom they were brought together, and for whom their pair waits."""
    partner = who(pairing.partner(person.id).person)
    return message(
        _("**{person}, the committee has found a partner for you: {partner}.**", person=who(person), partner=partner),
        _(
            "{partner} has not joined this chat yet, and the coordinators know it. As soon as {partner} is here, I "
            "open a room for the two of you and introduce you there. Until then there is nothing that you need to do.",
            partner=partner,
        ),
        Buttons((STAND,)),
        notice=_("There is news about your mentoring application."),
    )


def waits_for(people: Sequence[Person]) -> Words:
    """Which pairs wait, where they are published."""
    return _(
        "Not here yet: {people}. Each pair waits for its own: the partner hears that kindly, and I introduce the two "
        "when both have joined this chat.",
        people=names(people),
    )


def names(people: Sequence[Person]) -> All:
    """People as a sentence mentions them."""
    found: tuple[Who, ...] = tuple(who(person) for person in people)
    return All(found)


def both_applied(entered: Person, here: Person, cohort: Cohort) -> Words:
    """Two people cannot be one while each has an application."""
    return _(
        "{entered} and {here} each have an application for {title}. Please withdraw one of the two with {command}, "
        "then tell me again.",
        **_both(entered, here),
        title=cohort.title,
        command=Run("cohort person"),
    )


def are_a_pair(entered: Person, here: Person) -> Words:
    """Two people who were brought together are two."""
    return _("{entered} and {here} were brought together as a pair, so they are two people.", **_both(entered, here))


def is_gone(entered: Person) -> Words:
    """Somebody arrived while this was asked."""
    return _("{entered} is here already, so there is nothing left to do.", entered=who(entered))


_NEW = Button(_("Enter somebody new"), "cohort person new")


def _row(person: Person) -> Row:
    args = {"person": str(person.id)}
    buttons = (
        Button(_("Joined"), "cohort person arrived", args),
        Button(_("Correct the mail"), "cohort person mail", args),
    )
    return Row(_("{person}, {mail}", person=who(person), mail=person.mail), buttons)


def _both(entered: Person, here: Person) -> dict[str, Who]:
    return {"entered": who(entered), "here": who(here)}
