"""Where the rooms of pairs open: what a coordinator hears when they choose a channel, and when it does not do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import WRONG_KIND, Channel, Person
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Inline, Message, Where, Words, _, message, ngettext

CHOOSE = Button(_("Where rooms open"), "cohort rooms")

_CHOOSE_ANOTHER = Button(_("Choose a channel"), "cohort rooms")
_STATUS = Button(_("Where do we stand?"), "cohort status")
_MY_PAIRS = Button(_("My pairs"), "liaison pairs")


def where(channel: Channel) -> Where:
    """A channel as a text names it."""
    return Where(channel.conversation, channel.name)


def chosen(channel: Channel) -> Message:
    """Rooms open below this channel from now on."""
    return message(
        _("**Rooms of pairs open below {channel} from now on.**", channel=where(channel)),
        *((_only_who_sees(channel),) if channel.private else ()),
        _("Nobody in the channel sees that. Rooms that are open already stay where they are."),
        Buttons((_STATUS,)),
        notice=_("I know now where rooms open"),
    )


def lacking(channel: Channel, rights: Sequence[str]) -> Words:
    """A channel that cannot be chosen, because a right is missing there, or no right helps."""
    if WRONG_KIND in rights:
        return _(
            "I cannot open rooms below {channel}: a channel for announcements holds none. Please choose an ordinary "
            "text channel.",
            channel=where(channel),
        )
    return ngettext(
        "I cannot open rooms below {channel}: I lack the right {rights} there. Please give it to me, and choose again.",
        "I cannot open rooms below {channel}: I lack the rights {rights} there. Please give them to me, and choose "
        "again.",
        len(rights),
        channel=where(channel),
        rights=_listed(rights),
    )


def not_needed() -> Words:
    """Nowhere in this community do rooms hang below a channel."""
    return _("There is nothing to choose here: each pair's conversation stands by itself, and needs no channel.")


def not_chosen() -> Words:
    """A word to whoever publishes pairs."""
    return _(
        "No channel is chosen for the rooms so far, so they open below the channel of the call, or another one that "
        "both of a pair can see."
    )


def rights_missing(channel: Channel, rights: Sequence[str]) -> Message:
    """Coordinators hear that the chosen channel does not take rooms any more."""
    return message(
        _("**I can no longer open rooms where you wanted them.**"),
        _no_more(channel)
        if WRONG_KIND in rights
        else ngettext(
            "Below {channel} I lack the right {rights}, or the channel is gone. Until that is mended, new rooms open "
            "below another channel that both of a pair can see.",
            "Below {channel} I lack the rights {rights}, or the channel is gone. Until that is mended, new rooms open "
            "below another channel that both of a pair can see.",
            len(rights),
            channel=where(channel),
            rights=_listed(rights),
        ),
        Buttons((_CHOOSE_ANOTHER, _STATUS)),
    )


def elsewhere(channel: Channel, people: Sequence[Person], outside: Sequence[Person]) -> Message:
    """Whoever looks after a pair hears that its room hangs elsewhere, because these do not see the chosen channel."""
    return message(
        _("**A room of one of your pairs opens in another channel.**"),
        _(
            "{outside} cannot see {channel}, where rooms open. So the room of {people} opens below another channel "
            "that both of them see, as soon as there is one. If there is none, please let {outside} into {channel}: "
            "I keep trying.",
            outside=_names(outside),
            channel=where(channel),
            people=_names(people),
        ),
        Buttons((_MY_PAIRS,)),
    )


def _only_who_sees(channel: Channel) -> Words:
    return _(
        "{channel} is private: please let everybody in who takes part. Whoever does not see it gets a room below "
        "another channel, and their liaison hears of it.",
        channel=where(channel),
    )


def _no_more(channel: Channel) -> Words:
    return _(
        "{channel} is a channel for announcements now, and those hold no rooms. Until you choose an ordinary text "
        "channel, new rooms open below another one that both of a pair can see.",
        channel=where(channel),
    )


def _listed(rights: Sequence[str]) -> All:
    found: tuple[Inline, ...] = tuple(_("“{right}”", right=right) for right in rights)
    return All(found)


def _names(people: Sequence[Person]) -> All:
    return All(tuple(who(person) for person in people))
