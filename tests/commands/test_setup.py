"""The first coordinator: an admin of the space may begin, nobody else."""

from __future__ import annotations

from bot.domain import Channel, Duty
from bot.services import spaces
from bot.storage import queries
from bot.ui import Message
from commands.spec import Request
from tests.stage import Actor, Stage
from tests.wording import words_of


def _asks(actor: Actor, text: str, *, is_admin: bool = True, event: str = "", **args: str) -> Request:
    return Request(
        platform="test",
        space="stage",
        user=actor.user,
        text=text,
        args=args,
        submitted=bool(args) or text == "cohort setup",
        is_admin=is_admin,
        event=event,
    )


async def _coordinators(stage: Stage, actor: Actor) -> list[str]:
    async with stage.app.storage.reading() as work:
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        return [person.name for person in await queries.team(work, space.community_id, Duty.COORDINATOR)]


async def test_an_admin_becomes_the_first_coordinator(stage: Stage) -> None:
    ada = await stage.person("Ada")
    assert stage.dispatch.asks_admin("/cohort setup")
    assert not stage.dispatch.asks_admin("/cohort status")
    assert not stage.dispatch.asks_admin("hello there")
    reply = await stage.dispatch.answer(_asks(ada, "cohort setup"))
    assert "You are a coordinator now" in words_of(reply)
    assert await _coordinators(stage, ada) == ["Ada"]
    await stage.forward(days=1)
    assert not ada.inbox
    assert "already" in words_of(await stage.dispatch.answer(_asks(ada, "cohort setup")))


async def test_an_admin_may_name_somebody_else_who_hears_of_it(stage: Stage) -> None:
    ada, olga = await stage.person("Ada"), await stage.person("Olga")
    reply = await stage.dispatch.answer(_asks(ada, "cohort setup", person=str(olga.id)))
    assert "Olga is a coordinator now" in words_of(reply)
    await stage.forward(days=1)
    assert any("you now help to run" in post.text for post in olga.inbox)
    assert await _coordinators(stage, ada) == ["Olga"]


async def test_whoever_rules_nothing_is_told_whom_to_ask(stage: Stage) -> None:
    ada, olga = await stage.person("Ada"), await stage.person("Olga")
    reply = await stage.dispatch.answer(_asks(ada, "cohort setup", is_admin=False))
    assert "Only an admin of this" in words_of(reply)
    await stage.dispatch.answer(_asks(olga, "cohort setup"))
    reply = await stage.dispatch.answer(_asks(ada, "cohort setup", is_admin=False))
    assert "ask Olga" in words_of(reply)
    assert await _coordinators(stage, ada) == ["Olga"]


async def test_a_later_admin_may_claim_the_role_and_all_coordinators_hear_of_it(stage: Stage) -> None:
    olga, ada = await stage.person("Olga", Duty.COORDINATOR), await stage.person("Ada")
    reply = await stage.dispatch.answer(_asks(ada, "cohort setup"))
    assert "Olga hear" in words_of(reply)
    await stage.pulse()
    assert any("another coordinator: Ada" in post.text for post in olga.inbox)
    assert await _coordinators(stage, ada) == ["Olga", "Ada"]


async def test_an_event_that_comes_twice_acts_once(stage: Stage) -> None:
    ada = await stage.person("Ada")
    first = await stage.dispatch.answer_once(_asks(ada, "cohort setup", event="E1"))
    assert isinstance(first, Message)
    assert await stage.dispatch.answer_once(_asks(ada, "cohort setup", event="E1")) is None
    assert await stage.dispatch.answer_once(_asks(ada, "mentor help", event="E2")) is not None
    assert await stage.dispatch.answer_once(_asks(ada, "mentor help", event="E2")) is None
    await stage.forward(days=3)
    assert await stage.dispatch.answer_once(_asks(ada, "mentor help", event="E2")) is not None


async def test_a_space_is_opened_once_and_nobody_coordinates_it(stage: Stage) -> None:
    async with stage.app.storage.work() as work:
        space = await spaces.opened(work, "test", "T9", name="Reading Room")
        again = await spaces.opened(work, "test", "T9", name="Another name")
        assert (space.id, space.name) == (again.id, "Another name")
        assert await queries.team(work, space.community_id, Duty.COORDINATOR) == []


async def test_a_channel_is_offered_while_the_bot_is_in_it(stage: Stage) -> None:
    async with stage.app.storage.work() as work:
        space = await spaces.opened(work, "test", "T9", name="Reading Room")
        await spaces.know_channel(work, space, "C7", name="general", private=False)
        await spaces.know_channel(work, space, "C7", name="news", private=True)
        assert await queries.channel_called(work, space.id, "general") is None
        found = await queries.channel_called(work, space.id, "news")
        assert isinstance(found, Channel)
        assert found.private
        await spaces.leave_channel(work, space, "C7")
        await work.flush()
        assert await queries.channel_called(work, space.id, "news") is None
        await spaces.know_channel(work, space, "C7", name="news", private=True)
        assert await queries.channel_called(work, space.id, "news") is not None
