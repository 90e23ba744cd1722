"""What a pair reads first, in its own place, and what one of them may read of the other."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Person
from bot.texts.team import who
from bot.ui import Button, Buttons, Message, Part, Quoted, Words, _, message


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
                Button(_("Contact details"), "mentor contact", {"pair": str(pairing)}),
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


def contact(partner: Person) -> Message:
    """How one's partner would like to be reached outside of this chat."""
    if not partner.contact:
        return message(
            _(
                "{partner} has left no contact details here. You can ask in the room that the two of you share.",
                partner=who(partner),
            ),
            notice=_("There are no contact details here."),
        )
    return message(
        _("**Contact details for you alone.** {partner} shares this with you:", partner=who(partner)),
        Quoted(partner.contact),
        notice=_("Here are your partner's contact details."),
    )


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
