"""What the team hears: coordinators and liaisons, in their own direct messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain import Channel, Duty, Event, Person, PlaceState, Space, TeamMember
from bot.texts.undoing import with_undo
from bot.ui import All, Button, Buttons, Message, Row, Rows, Text, Where, Who, Words, _, message, ngettext
from bot.ui.parts import Part

DUTIES: Mapping[Duty, Words] = {
    Duty.COORDINATOR: _("Coordinators"),
    Duty.LIAISON: _("Liaisons"),
    Duty.COMMITTEE: _("The committee"),
}
"""The three groups of the team as people read them."""

_BECAME: Mapping[Duty, Words] = {
    Duty.COORDINATOR: _("you now help to run the mentoring program"),
    Duty.LIAISON: _("you are now a liaison of the mentoring program"),
    Duty.COMMITTEE: _("you are now in the matching committee"),
}

_MEANS: Mapping[Duty, Words] = {
    Duty.COORDINATOR: _(
        "As a coordinator you plan programs, open calls, publish pairs and choose the team. Concerns that people "
        "bring to a coordinator come to you."
    ),
    Duty.LIAISON: _(
        "A liaison looks after some of the pairs. You see how far they are, never what they write, and hear from me "
        "when a few words from a person would help."
    ),
    Duty.COMMITTEE: _(
        "The committee looks at the pairs that I propose before anybody hears of them. You read applications; concerns "
        "never reach you."
    ),
}

_STEPS: Mapping[Duty, Button] = {
    Duty.COORDINATOR: Button(_("Where do we stand?"), "cohort status"),
    Duty.LIAISON: Button(_("My pairs"), "liaison pairs"),
    Duty.COMMITTEE: Button(_("Where do we stand?"), "cohort status"),
}

_HELP = Button(_("What can I do here?"), "mentor help")
_ADD = Button(_("Add somebody"), "cohort team add")
_TEAM = Button(_("See the team"), "cohort team")


def who(person: Person) -> Who:
    """A person as a text mentions them."""
    return Who(person.id, person.name)


def listed(rows: Sequence[tuple[TeamMember, Person]]) -> Message:
    """The team by duty, each with a button that ends it."""
    groups = [part for duty in Duty for part in _group(duty, [row for row in rows if row[0].duty is duty])]
    return message(_("**The team of this program**"), *groups, Buttons((_ADD,)))


def added(person: Person, duty: Duty, event: Event, until: datetime | None) -> Message:
    """Somebody has a duty."""
    return with_undo(
        event,
        until,
        _("**Added.** {group}: {person}.", person=who(person), group=DUTIES[duty]),
        next_steps=(_TEAM,),
    )


def removed(person: Person, duty: Duty, event: Event, until: datetime | None, *, pairs: int) -> Message:
    """Somebody has a duty no more; pairs that they looked after need somebody else."""
    pairs_wait = ngettext(
        "One pair needs another liaison now.", "{count} pairs need another liaison now.", pairs, person=who(person)
    )
    return with_undo(
        event,
        until,
        _("**Removed.** {group} without {person}.", person=who(person), group=DUTIES[duty]),
        *((pairs_wait,) if pairs else ()),
        next_steps=(Button(_("Assign liaisons"), "liaison assign"),) if pairs else (_TEAM,),
    )


def left_myself(duty: Duty) -> Message:
    """Somebody gave a duty up, and can no longer give it back to themselves."""
    return message(
        _("**Done, and thank you.** {group} without you from now on.", group=DUTIES[duty]),
        _("If you would like to come back, a coordinator can add you again."),
        Buttons((_HELP,)),
    )


def joined(person: Person, duty: Duty, by: Person) -> Message:
    """What somebody is now and what that means."""
    return message(
        _("**{person}, {became}.**", person=who(person), became=_BECAME[duty]),
        _("{by} added you. {means}", by=who(by), means=_MEANS[duty]),
        _("If this is a surprise, {by} can tell you more, or take it back.", by=who(by)),
        Buttons((_STEPS[duty], _HELP)),
        notice=_("You have a new part in the mentoring program"),
    )


def left(person: Person, duty: Duty, by: Person) -> Message:
    """Somebody hears that a duty of theirs has ended."""
    return message(
        _("**{person}, your part in the mentoring team has changed.**", person=who(person)),
        _(
            "{group}: {by} has taken you off that list. Thank you for what you did there.",
            group=DUTIES[duty],
            by=who(by),
        ),
        _("If you have a question about it, {by} is glad to hear from you.", by=who(by)),
        Buttons((_HELP,)),
        notice=_("Your part in the mentoring team has changed"),
        delicate=True,
    )


def unreachable(person: Person) -> Message:
    """A liaison hears that my messages do not reach somebody."""
    return message(
        _("**I cannot reach one of the people you look after.**"),
        _(
            "My messages to {person} do not arrive: the account is closed or has left, or it takes no messages from "
            "me. A mail or a call from you may help. I try again as soon as {person} writes to me or comes back.",
            person=who(person),
        ),
        Buttons((Button(_("My pairs"), "liaison pairs"),)),
        delicate=True,
    )


def reads_elsewhere(person: Person) -> Message:
    """A liaison hears that somebody takes no direct messages of mine, and reads my letters all the same."""
    return message(
        _("**One of the people you look after reads my letters in a thread.**"),
        _(
            "{person} takes no direct messages from me. That is quite common and nothing is lost: my letters lie in a "
            "private thread instead, where they may be seen a little later. There is nothing that you need to do.",
            person=who(person),
        ),
        Buttons((Button(_("My pairs"), "liaison pairs"),)),
    )


def welcome_back(person: Person, rooms: Sequence[tuple[Person, PlaceState | None]]) -> Message:
    """Somebody who had left is here again; `rooms` are those of their pairs, by partner, nothing for a pair without."""
    open_rooms = [partner for partner, state in rooms if state is PlaceState.OPEN]
    to_come = [partner for partner, state in rooms if state is PlaceState.WANTED]
    others = [partner for partner, state in rooms if state not in (PlaceState.OPEN, PlaceState.WANTED)]
    return message(
        _("**Welcome back, {person}.**", person=who(person)),
        _("My letters reach you again. What waited for you meanwhile comes now."),
        *((_as_before(open_rooms),) if open_rooms else ()),
        *((_room_to_come(to_come),) if to_come else ()),
        *((_without_room(others),) if others else ()),
        Buttons((Button(_("Where do I stand?"), "mentor status"),)),
        notice=_("Welcome back"),
    )


def _as_before(partners: Sequence[Person]) -> Words:
    return ngettext(
        "You and {partners} are a pair as before, and your room is where you left it.",
        "Your pairs with {partners} are as before, and your rooms are where you left them.",
        len(partners),
        partners=All(tuple(who(partner) for partner in partners)),
    )


def _room_to_come(partners: Sequence[Person]) -> Words:
    return ngettext(
        "You and {partners} are a pair. Your room opens soon.",
        "Your pairs with {partners} are as before. Your rooms open soon.",
        len(partners),
        partners=All(tuple(who(partner) for partner in partners)),
    )


def _without_room(partners: Sequence[Person]) -> Words:
    return ngettext(
        "You and {partners} are a pair as before.",
        "Your pairs with {partners} are as before.",
        len(partners),
        partners=All(tuple(who(partner) for partner in partners)),
    )


def no_room(people: Sequence[Person]) -> Message:
    """A liaison hears that a pair's room takes no messages of mine."""
    return message(
        _("**I cannot use the room of one of your pairs.**"),
        _(
            "What I have to say to {people} does not arrive in their room: it could not be opened, or it is gone. A "
            "message from you to both may help. I keep trying to open a room that never was.",
            people=All(tuple(who(person) for person in people)),
        ),
        Buttons((Button(_("My pairs"), "liaison pairs"),)),
    )


def room_waits(absent: Person, people: Sequence[Person]) -> Message:
    """A liaison hears that a pair's room is not open, because somebody has left the chat."""
    return message(
        _("**The room of one of your pairs waits for somebody.**"),
        _(
            "{absent} is not in the chat any more, so the room of {people} cannot open. A mail or a call from you may "
            "help. I open it as soon as {absent} is back, and what I have to say to the two waits until then.",
            absent=who(absent),
            people=All(tuple(who(person) for person in people)),
        ),
        Buttons((Button(_("My pairs"), "liaison pairs"),)),
        delicate=True,
    )


def no_channel(channel: Channel, *, is_liaisons: bool) -> Message:
    """A coordinator hears that a channel takes no messages of mine: the liaisons' one, or one with a call."""
    where, look = Where(channel.conversation, channel.name), Button(_("Where do we stand?"), "cohort status")
    title = _("**I cannot post in one of your channels.**")
    if is_liaisons:
        return message(
            title,
            _(
                "My message to {channel} did not arrive. Please invite me again, or choose another channel.",
                channel=where,
            ),
            Buttons((Button(_("Choose a channel"), "liaison channel"), look)),
        )
    return message(
        title,
        _(
            "My message to {channel} did not arrive. Please invite me again, or let me post the call in another one.",
            channel=where,
        ),
        Buttons((Button(_("Post it elsewhere"), "cohort announce"), look)),
    )


def out_of(space: Space) -> Message:
    """A coordinator hears, in another chat, that the bot is in one of theirs no more."""
    return message(
        _("**I was taken out of {space}.**", space=space.name),
        _(
            "Nothing is lost. Whoever is in another chat of this program gets my letters there; for all others they "
            "wait. Once somebody invites me to {space} again, everything goes on.",
            space=space.name,
        ),
        Buttons((Button(_("Where do we stand?"), "cohort status"),)),
        notice=_("I was taken out of one of your chats"),
    )


def _group(duty: Duty, rows: Sequence[tuple[TeamMember, Person]]) -> list[Part]:
    if not rows:
        return [Text(_("**{group}:** nobody so far", group=DUTIES[duty]))]
    lines = tuple(
        Row(
            _("{person}", person=who(person)),
            (Button(_("Remove"), "cohort team remove", {"member": str(member.id)}),),
        )
        for member, person in rows
    )
    return [Text(_("**{group}**", group=DUTIES[duty])), Rows(lines)]
