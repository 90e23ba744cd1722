"""Files on Discord: attached to the letter itself."""

from __future__ import annotations

from tests.adapters.discord.test_walk import open_call
from tests.adapters.discord.town import Town


async def test_a_file_comes_attached_to_its_letter_by_direct_message(town: Town) -> None:
    olga = town.person("olga", "Olga", manages=True)
    await open_call(town, olga)
    await olga.slash("cohort people")
    assert "I am sending it to you" in olga.text
    await town.pulse()
    letter = olga.letters()[-1]
    assert "Please keep it as carefully" in letter.content
    [name] = [one["filename"] for one in letter.attachments]
    assert name.endswith("-people.csv")
    await town.pulse()
    assert sum(bool(said.attachments) for said in olga.letters()) == 1
