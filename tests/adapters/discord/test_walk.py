"""A program on Discord, from the first command to a nudge, each request checked against Discord's own API."""

from __future__ import annotations

from tests.adapters.discord import contract
from tests.adapters.discord.town import Citizen, Town


async def open_call(town: Town, olga: Citizen) -> None:
    """An admin begins, plans a program and posts its call in the town's channel."""
    await olga.slash("cohort setup")
    await olga.fills()
    await olga.presses("Plan a program")
    await olga.presses("Mentoring in library collections and technical services")
    await olga.fills()
    await olga.presses("Continue (2 of 3)")
    await olga.fills()
    await olga.presses("Send it")
    await olga.slash("cohort open")
    await olga.presses("Post it")
    await town.pulse()


async def apply(town: Town, who: Citizen, role: str, **answers: object) -> None:
    """Somebody presses the call's button and goes through the two pages that have to be filled in."""
    await who.presses("Apply", on=town.said_in(town.channel.id)[-1])
    await who.presses(role)
    await who.fills(**answers)
    await who.presses(next(label for label in who.labels() if label.startswith("Continue")))
    await who.fills(institution="A small library", career="over_ten", conduct="Yes")
    await who.presses("Send it")
    assert "has arrived" in who.text


async def publish(town: Town, olga: Citizen) -> None:
    """The call closes, pairs are proposed, looked at and published."""
    await town.forward(days=43)
    await olga.slash("cohort match")
    await town.pulse()
    await olga.presses("Review the pairs")
    assert "1 proposed pair" in olga.text
    await olga.presses("Publish these pairs")
    assert "No channel is chosen for the rooms so far" in olga.text
    assert "Where rooms open" in olga.labels()
    await olga.presses("Publish")
    assert "1 pair is published" in olga.text


def check_all(town: Town) -> None:
    """Every request that went out, against Discord's own description."""
    assert len(town.env.http_requests) > 20
    for request in town.env.http_requests:
        contract.check_request(request.method, request.path, request.json)


async def test_a_program_runs_on_discord(town: Town) -> None:
    olga = town.person("olga", "Olga", manages=True)
    mia, ben = town.person("mia"), town.person("ben")
    await open_call(town, olga)
    assert "apply until Monday, March 15, 2027" in town.said_in(town.channel.id)[-1].content

    await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")
    await apply(town, ben, "As a mentor", offers=["cataloging"], places="1", zone="New York")
    await publish(town, olga)

    room = await the_room(town)
    assert set(room.thread_members) >= {mia.actor.id, ben.actor.id}
    note, introduction = town.said_in(room.id)
    assert "people who may manage threads" in note.content
    assert "This is your pair's own room" in introduction.content
    assert f"<@{mia.id}>, meet <@{ben.id}>" in introduction.content

    await town.forward(days=92)
    asked = mia.letters()[-1]
    assert "We talked" in [button["label"] for row in asked.components for button in row["components"]]
    await mia.presses("We talked", on=asked)
    assert mia.seen[0].id == asked.id, "the letter itself has changed"
    assert "We talked" not in mia.labels()
    check_all(town)


async def the_room(town: Town):  # type: ignore[no-untyped-def]
    """The one private thread of the server, once the introduction has been posted there."""
    for _day in range(3):
        rooms = [channel for channel in town.env.backend.channels.values() if channel.type == 12]
        if rooms and len(town.said_in(rooms[0].id)) > 1:
            return rooms[0]
        await town.forward(days=1)
    raise AssertionError("no room was opened")
