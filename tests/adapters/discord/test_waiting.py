"""Letters that only their reader may read, to somebody who takes no direct messages: they wait for a press."""

from __future__ import annotations

import discord
from sqlalchemy import select

from bot.domain import Letter, LetterKind, LetterState, Person
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.ui import Button, Buttons, _, message
from tests.adapters.discord.test_corners import close, threads
from tests.adapters.discord.test_slowness import CHANGED_LATER, a_slow_database, acknowledged
from tests.adapters.discord.town import Citizen, Town

NEWS = message(
    _("**Ben cannot go on with your pair.**"),
    Buttons((Button(_("Where do I stand?"), "mentor status"),)),
    notice=_("There is news about your pair"),
    delicate=True,
)


async def waits(town: Town, who: Citizen, *, key: str = "x") -> None:
    """A delicate letter was tried, and direct messages are closed."""
    async with town.app.storage.work() as work:
        found = await queries.account_of(work, "discord", str(town.guild.id), who.id)
        assert found is not None
        reader: Person = found[1]
        await post(work, reader.community_id, NewLetter(key=key, kind=LetterKind.NEWS, to=reader, message=NEWS))
    await town.pulse()


def moderator(town: Town) -> Citizen:
    """Somebody who can open every thread."""
    role = town.guild.create_role("Moderators", permissions=discord.Permissions(manage_threads=True))
    return Citizen(town, town.guild.add_member(town.env.create_user("eve"), roles=[role]), "Eve")


async def letters(town: Town) -> list[tuple[LetterState, bool]]:
    """The state of each letter, and whether its words are kept."""
    async with town.app.storage.reading() as work:
        return [(one.state, one.message is not None) for one in await work.all(select(Letter).order_by(Letter.id))]


async def test_only_the_notice_of_a_delicate_letter_lies_in_a_thread_and_its_reader_reads_the_rest_alone(
    town: Town,
) -> None:
    mia, eve = town.person("mia"), moderator(town)
    for one in (mia, eve):
        await one.slash("mentor help")
    close(town, mia)
    await waits(town, mia)

    [thread] = threads(town)
    _about, held = town.said_in(thread.id)
    assert held.content.startswith("There is news about your pair\n\nThe words of this letter are for you alone")
    assert "Ben cannot" not in held.content
    await town.forward(days=2)
    assert len(town.said_in(thread.id)) == 2, "it is said once"
    assert await letters(town) == [(LetterState.WAITING, True)]

    await eve.presses("Read it", on=held)
    assert eve.text == "Nothing waits for you here any more."

    await mia.presses("Read it", on=held)
    assert "Ben cannot go on with your pair" in mia.text
    assert mia.seen[-1].is_ephemeral
    assert mia.labels() == ["Where do I stand?"]
    assert await letters(town) == [(LetterState.SENT, False)]
    assert "Ben cannot" not in "".join(said.content for said in town.said_in(thread.id))
    assert town.said_in(thread.id)[-1].content == "You have read what I kept for you here."
    assert mia.letters() == []


async def test_a_delicate_letter_comes_directly_as_soon_as_that_works(town: Town) -> None:
    mia = town.person("mia")
    await mia.slash("mentor help")
    close(town, mia)
    await waits(town, mia)
    [thread] = threads(town)
    held = town.said_in(thread.id)[-1]
    town.env.backend.faults.clear()

    await mia.presses("Try again", on=held)
    await town.pulse()

    assert "Ben cannot go on with your pair" in mia.letters()[-1].content
    assert await letters(town) == [(LetterState.SENT, False)]
    await mia.presses("Read it", on=held)
    assert mia.text == "Nothing waits for you here any more."


async def test_what_could_not_be_shown_still_waits(town: Town) -> None:
    mia = town.person("mia")
    await mia.slash("mentor help")
    close(town, mia)
    await waits(town, mia)
    town.env.inject_error("POST", "/interactions/*", status=404, code=10062)

    await mia.presses("Read it", on=town.said_in(threads(town)[0].id)[-1])

    assert await letters(town) == [(LetterState.WAITING, True)]
    town.refusals.wrong.clear()


async def test_reading_alone_is_acknowledged_in_time_whatever_the_database_does(town: Town) -> None:
    mia = town.person("mia")
    await mia.slash("mentor help")
    close(town, mia)
    await waits(town, mia)
    with a_slow_database(town):
        await mia.presses("Read it", on=town.said_in(threads(town)[0].id)[-1])

    assert acknowledged(town) == CHANGED_LATER
    assert "Ben cannot go on with your pair" in mia.text
    assert mia.seen[-1].is_ephemeral
