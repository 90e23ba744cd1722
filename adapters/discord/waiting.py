"""Letters that wait in a thread until their reader, and nobody else, reads them there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.discord import words
from adapters.discord.answering import Interaction
from adapters.discord.composing import PLATFORM, Composer, Shown, plain
from adapters.discord.posting import Posting
from adapters.discord.speaker import DiscordSpeaker
from bot.domain import Letter, Person
from bot.services import collecting
from bot.storage import queries
from bot.storage.work import Storage, Work
from bot.ui import codec


@dataclass(frozen=True, slots=True)
class Waiting:
    """Shows such letters, and lets go of their words then."""

    storage: Storage
    composer: Composer
    posting: Posting

    async def read(self, interaction: Interaction) -> Shown:
        """What waits for whoever presses, for them alone."""
        async with self.storage.reading() as work:
            reader = await _reader(work, interaction)
            letters: Sequence[Letter] = () if reader is None else await collecting.waiting(work, reader)
            said = [(one.community_id, codec.load(one.message)) for one in letters if one.message is not None]
            numbers = [one.id for one in letters]
        if not said:
            return plain(DiscordSpeaker().text(words.NOTHING_WAITS))
        sheets = [sheet for number, one in said for sheet in await self.composer.sheets(one, community=number)]
        return Shown(sheets, letters=numbers)

    async def taken(self, interaction: Interaction, letters: Sequence[int]) -> None:
        """They were shown: what announced them says so."""
        pressed = await self.posting.pressed(interaction)
        async with self.storage.work() as work:
            reader = await _reader(work, interaction)
            if reader is not None:
                await collecting.taken(work, reader, letters)
        if pressed is not None:
            await self.posting.change(pressed, plain(DiscordSpeaker().text(words.WAS_READ)).sheets)

    async def hasten(self, interaction: Interaction) -> None:
        """Direct messages are open: letters need not wait to be read any longer."""
        async with self.storage.work() as work:
            reader = await _reader(work, interaction)
            if reader is not None:
                await collecting.hasten(work, reader)


async def _reader(work: Work, interaction: Interaction) -> Person | None:
    found = await queries.account_of(work, PLATFORM, str(interaction.guild_id), str(interaction.user.id))
    return None if found is None else found[1]
