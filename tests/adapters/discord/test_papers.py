"""Files on Discord: attached to the letter itself."""

from __future__ import annotations

from dataclasses import replace

from adapters.discord.composing import Sheet
from bot.ports import Receipt, Trouble
from bot.ui import _, message
from tests.adapters.discord.test_answering import parcel, trouble_of
from tests.adapters.discord.test_connection import CHART
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
    looked = [one for one in town.env.http_requests if one.method == "GET" and one.path.endswith("/messages")]
    assert looked == [], "nobody looks for what was never tried before"


async def test_a_letter_with_a_chart_whose_answer_was_lost_is_known_by_its_chart_too(town: Town) -> None:
    mia, messenger = town.person("mia"), town.bot.messenger
    letter = replace(parcel(town, user=mia.id), message=message(_("Hello"), CHART))
    town.refusals.lost = 1
    assert await trouble_of(messenger.send(letter)) is Trouble.UNSURE

    [posted] = mia.letters()
    lies = Receipt(str(posted.channel_id), str(posted.id))
    assert await messenger.find(letter) == lies
    assert await town.bot.client.posting.find(lies.conversation, [Sheet(posted.content)], None) is None
