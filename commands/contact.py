"""How to reach one's partner outside of this chat."""

from __future__ import annotations

from bot.domain import Pairing
from bot.storage.work import Work
from bot.texts import introduction as texts
from bot.ui import Field, Kind, Reply, _
from commands.sources import MY_PAIRS
from commands.spec import Me, command


@command(
    "mentor contact",
    _("See how your partner would like to be reached"),
    Field("pair", _("Whose contact details would you like to see?"), Kind.ONE, source=MY_PAIRS.name),
    reads=True,
)
async def contact(work: Work, me: Me, pair: Pairing) -> Reply:
    """Show what a partner has said about reaching them, to the other one alone."""
    return texts.contact(pair.partner(me.person.id).person)


COMMANDS = (contact,)
