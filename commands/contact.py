"""How to reach one's partner: outside of this chat, or in another one through the bot."""

from __future__ import annotations

from bot.domain import Pairing
from bot.services import passing
from bot.storage.work import Work
from bot.texts import introduction as texts
from bot.ui import Field, Kind, Reply, _
from commands.sources import MY_PAIRS
from commands.spec import Me, Refused, command

LONGEST_WORDS = 2000


@command(
    "mentor contact",
    _("See how your partner would like to be reached"),
    Field("pair", _("Whose contact details would you like to see?"), Kind.ONE, source=MY_PAIRS.name),
    reads=True,
)
async def contact(work: Work, me: Me, pair: Pairing) -> Reply:
    """Show what a partner has said about reaching them, to the other one alone."""
    return texts.contact(pair.partner(me.person.id).person, room=pair.place_id is not None, pairing=pair.id)


@command(
    "mentor write",
    _("Write to a partner who is in another chat"),
    Field("pair", _("To whom would you like to write?"), Kind.ONE, source=MY_PAIRS.name),
    Field("words", _("Your words"), Kind.TEXT, max_length=LONGEST_WORDS, hint=_("I carry them over and keep nothing.")),
    listed=False,
)
async def write(work: Work, me: Me, pair: Pairing, words: str) -> Reply:
    """Carry somebody's words to a partner with whom they share no room."""
    partner = pair.partner(me.person.id).person
    if pair.place_id is not None:
        raise Refused(texts.share_a_room(partner))
    return texts.on_its_way(partner, await passing.carry(work, pair, words, by=me.person))


COMMANDS = (contact, write)
