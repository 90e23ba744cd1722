"""Pauses and endings: short, without blame, and with a person to talk to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain import Cohort, Pairing, Person
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Day, Message, Part, Quoted, Text, When, Words, _, message, ngettext

STATUS = Button(_("Where do I stand?"), "mentor status")
RESUME = Button(_("Resume now"), "mentor resume")


def paused(until: date | None, *, pairs: int) -> Message:
    """What a pause changes, and how it ends; for somebody in so many pairs."""
    ends = _("I begin again on {day}.", day=Day(until)) if until else _("I begin again when you tell me.")
    return message(
        _("Your letters are paused. {ends}", ends=ends),
        ngettext(
            "Your partner is not told, and you can note talks and goals as before.",
            "Your partners are not told, and you can note talks and goals as before.",
            pairs,
        )
        if pairs
        else _("Nobody is told. News about your application and your place reach you all the same."),
        Buttons((RESUME,)),
    )


def resumed(letter_at: datetime | None, *, was_paused: bool) -> Message:
    """Letters come again, and when; or they were not paused at all."""
    next_one = (
        _("Your next letter comes on {day}.", day=When(letter_at, "day"))
        if letter_at
        else _("Nothing is due for you right now.")
    )
    if not was_paused:
        return message(_("Your letters are not paused. {next}", next=next_one), Buttons((STATUS,)))
    return message(_("Welcome back. {next}", next=next_one), Buttons((STATUS,)))


def no_part() -> Message:
    """Somebody takes part in nothing that could be paused or left."""
    return message(
        _("You do not take part in a program at the moment, so there is nothing to pause or leave."),
        Buttons((STATUS, Button(_("What can I do here?"), "mentor help"))),
        notice=_("You do not take part in a program at the moment"),
    )


def leaving(pairing: Pairing, partner: Person, tell_at: datetime, *, tells_first: bool) -> Message:
    """What happens now that somebody leaves."""
    first = (
        _(
            "You tell {partner} yourself. On {when} I follow with a short note.",
            partner=who(partner),
            when=When(tell_at),
        )
        if tells_first
        else _("I tell {partner} on {when}.", partner=who(partner), when=When(tell_at))
    )
    return message(
        _("**Thank you for saying so. Ending a pair is allowed, and needs no reason.**"),
        first,
        _("Until then you can take it back, and {partner} hears nothing from me.", partner=who(partner)),
        *_liaison_knows(pairing),
        Buttons((Button(_("I would rather stay"), "mentor stay", {"pair": str(pairing.id)}), STATUS)),
        notice=_("Your message about your pair has arrived"),
    )


def stays_mine(partner: Person) -> Message:
    """The leaving is taken back."""
    return message(
        _("Good. Everything goes on as before, and {partner} has heard nothing from me.", partner=who(partner)),
        Buttons((STATUS,)),
    )


def too_late(pairing: Pairing, person: Person, contact: Person | None) -> Message:
    """Somebody would rather stay, and the pair has ended already."""
    partner = pairing.partner(person.id).person
    return message(
        _("It is too late to take this back: your pair with {partner} has ended.", partner=who(partner)),
        *_talk_to(pairing, contact),
        Buttons((STATUS,)),
        notice=_("Your pair has ended already"),
    )


def nothing_to_take_back() -> Message:
    """Nobody is leaving this pair, as far as the reader may know."""
    return message(_("There is nothing to take back: you are not leaving this pair."), Buttons((STATUS,)))


def liaison_hears(person: Person, pairing: Pairing, tell_at: datetime, *, tells_first: bool) -> Message:
    """The liaison hears at once that somebody leaves, and what happens when."""
    partner = pairing.partner(person.id).person
    told = (
        _(
            "{person} tells {partner} first. I follow on {when}.",
            person=who(person),
            partner=who(partner),
            when=When(tell_at),
        )
        if tells_first
        else _("I tell {partner} on {when}.", partner=who(partner), when=When(tell_at))
    )
    return message(
        _("**A pair that you look after is ending.**"),
        _(
            "{person} leaves the pair with {partner}. No reason is needed, and I did not ask for one.",
            person=who(person),
            partner=who(partner),
        ),
        told,
        _(
            "A few words from you to both may do good. I ask {partner} whether another match is wanted.",
            partner=who(partner),
        ),
        Buttons((Button(_("See this pair"), "liaison pair", {"pair": str(pairing.id)}),)),
        delicate=True,
    )


def stays(person: Person, pairing: Pairing) -> Message:
    """The liaison hears that a leaving was taken back."""
    partner = pairing.partner(person.id).person
    return message(
        _("**A pair that you look after goes on after all.**"),
        _("{person} stays with {partner}, who has heard nothing from me.", person=who(person), partner=who(partner)),
    )


def partner_leaves(leaver: Person, pairing: Pairing, member: int, *, line: str, contact: Person | None) -> Message:
    """The partner hears it, with a person to talk to and a question that can wait."""
    passed_on: Sequence[Part] = (
        (Text(_("{leaver} asked me to pass this on:", leaver=who(leaver))), Quoted(line, who(leaver))) if line else ()
    )
    return message(
        _("**There is news about your mentoring pair.**"),
        _(
            "{leaver} cannot go on with your pair. That happens in every program, for reasons that seldom have to do "
            "with the other person, and your place in the program is kept.",
            leaver=who(leaver),
        ),
        *passed_on,
        *_talk_to(pairing, contact),
        _("Would you like another match? You need not decide today."),
        Buttons(another_match(member)),
        delicate=True,
    )


def another_match(member: int) -> tuple[Button, Button]:
    """Whether somebody whose partner left wants another one."""
    args = {"member": str(member)}
    return Button(_("Yes, another match"), "mentor again", args), Button(_("Not this time"), "mentor enough", args)


def another_noted() -> Message:
    """Somebody wants another match."""
    return message(
        _("Noted. The committee looks for another match for you, and I write as soon as there is news."),
        Buttons((STATUS,)),
        notice=_("Your answer has arrived"),
    )


def enough_noted(partners: Sequence[Person]) -> Message:
    """Somebody does not want another match; with others they go on as a pair."""
    if partners:
        others = All(tuple(who(partner) for partner in partners))
        return message(
            _("Noted: I look for no other match. You and {others} go on as before.", others=others),
            Buttons((STATUS,)),
            notice=_("Your answer has arrived"),
        )
    return message(
        _("Noted. Thank you for having taken part. You are welcome in the next call."),
        Buttons((Button(_("Tell me about the next call"), "mentor tell"),)),
    )


def wants_another(person: Person, cohort: Cohort) -> Message:
    """A coordinator hears that somebody's place is open again."""
    return message(
        _("**Somebody would like another match.**"),
        _(
            "{person} has no partner any more in {title} and would like another match.",
            person=who(person),
            title=cohort.title,
        ),
        Buttons((Button(_("Propose a match"), "cohort match"),)),
    )


def _liaison_knows(pairing: Pairing) -> Sequence[Words]:
    if pairing.liaison is None:
        return (_("Your coordinators know, in case you would like to talk."),)
    return (_("{liaison}, your liaison, knows, and is glad to talk if you like.", liaison=who(pairing.liaison)),)


def over(cohort: Cohort) -> Words:
    """There is no other match in a program that has ended."""
    return _("{title} has ended, so there is no other match in it.", title=cohort.title)


def _talk_to(pairing: Pairing, contact: Person | None) -> Sequence[Words]:
    inside = {member.person_id for member in pairing.members}
    if pairing.liaison is None:
        known = contact is not None and contact.id not in inside
        return (_("{contact} is glad to talk.", contact=who(contact)),) if known and contact else ()
    return (_("{liaison}, your liaison, knows and is glad to talk.", liaison=who(pairing.liaison)),)
