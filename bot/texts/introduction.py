"""What a pair reads first, in its own place, and what one of them may read of the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import Person
from bot.texts.team import who
from bot.ui import Button, Buttons, Message, Part, Quoted, When, Words, _, message


def introduction(
    pairing: int, *, mentee: Person, mentor: Person, common: Sequence[Words], helper: Person, is_liaison: bool
) -> Message:
    """Two people meet: what they have in common, in each one's own words, and who writes first."""
    parts: list[Part | Words] = [
        _("**{mentee}, meet {mentor}. {mentor}, meet {mentee}.**", mentee=who(mentee), mentor=who(mentor)),
        _together(common),
        *(Quoted(person.about, by=who(person)) for person in (mentee, mentor) if person.about),
        _(
            "{mentor}, would you write the first message? A greeting and two times at which you could talk are enough.",
            mentor=who(mentor),
        ),
        _(
            "{mentee}, you are welcome to answer with one question that is on your mind. The agreement and the goals "
            "can wait until you have talked.",
            mentee=who(mentee),
        ),
        _helper(helper, is_liaison=is_liaison),
        Buttons(
            (
                _details(pairing),
                Button(_("What comes first?"), "mentor status"),
            ),
            # what the two do here again and again: not every place where people answer takes typed commands
            (
                Button(_("Note a talk"), "checkin log", {"pair": str(pairing)}),
                Button(_("Write a goal"), "goals set", {"pair": str(pairing)}),
            ),
        ),
    ]
    return message(*parts, private=False, notice=_("This is your pair's own room in the mentoring program."))


def apart(
    pairing: int, *, reader: Person, partner: Person, common: Sequence[Words], helper: Person, begins: bool
) -> Message:
    """Somebody meets a partner who is in another chat, where the two cannot share a room."""
    them, me = who(partner), who(reader)
    first = (
        _("Would you write first? A greeting and two times at which you could talk are enough.")
        if begins
        else _("{partner} is asked to write first. You are welcome to begin all the same.", partner=them)
    )
    parts: list[Part | Words] = [
        _("**{reader}, meet {partner}.**", reader=me, partner=them),
        _together(common),
        *((Quoted(partner.about, by=them),) if partner.about else ()),
        _(
            "{partner} is in another chat than you, so I can open no room for the two of you. I carry your words over, "
            "and the contact details are there for all else.",
            partner=them,
        ),
        first,
        _("If you have a question, you can write to {helper}.", helper=who(helper)),
        Buttons((write_to(partner, pairing), _details(pairing))),
    ]
    return message(*parts, notice=_("Meet your partner in the mentoring program."))


def passed_on(pairing: int, *, by: Person, text: str) -> Message:
    """Words of a partner who is in another chat."""
    return message(
        _("**{partner} writes to you:**", partner=who(by)),
        Quoted(text),
        Buttons((Button(_("Answer"), "mentor write", {"pair": str(pairing)}), _details(pairing))),
        notice=_("Your mentoring partner has written to you."),
    )


def on_its_way(partner: Person, at: datetime | None) -> Message:
    """What somebody wrote to a partner in another chat is carried there."""
    if at is None:
        return message(_("**Your words are on their way to {partner}.**", partner=who(partner)))
    return message(
        _("**Your words reach {partner} in the daytime there, on {at}.**", partner=who(partner), at=When(at))
    )


def share_a_room(partner: Person) -> Words:
    """Whoever shares a room needs nobody to carry their words."""
    return _("You share a room with {partner}: please write there. I cannot read it.", partner=who(partner))


def contact(partner: Person, *, pairing: int, room: bool) -> Message:
    """How one's partner would like to be reached outside of this chat."""
    carry = () if room else (Buttons((write_to(partner, pairing),)),)
    if not partner.contact:
        room_helps = (_("You can ask in the room that the two of you share."),) if room else ()
        return message(
            _("{partner} has left no contact details here.", partner=who(partner)),
            *room_helps,
            *carry,
            notice=_("There are no contact details here."),
        )
    return message(
        _("**Contact details for you alone.** {partner} shares this with you:", partner=who(partner)),
        Quoted(partner.contact),
        *carry,
        notice=_("Here are your partner's contact details."),
    )


def write_to(partner: Person, pairing: int) -> Button:
    """Carries words to a partner who is in another chat."""
    return Button(_("Write to {partner}", partner=partner.name), "mentor write", {"pair": str(pairing)})


def _details(pairing: int) -> Button:
    return Button(_("Contact details"), "mentor contact", {"pair": str(pairing)})


def _together(common: Sequence[Words]) -> Words:
    first = _("The committee of the mentoring program brought the two of you together.")
    for sentence in common:
        first = _("{before} {next}", before=first, next=sentence)
    return first


def _helper(helper: Person, *, is_liaison: bool) -> Words:
    room = _("This room is for the two of you. I cannot read what you write here, and I seldom post.")
    if is_liaison:
        return _(
            "{room} Your liaison, {helper}, is not in it; each of you can write to {helper} at any time.",
            room=room,
            helper=who(helper),
        )
    return _("{room} If you have a question, each of you can write to {helper}.", room=room, helper=who(helper))
