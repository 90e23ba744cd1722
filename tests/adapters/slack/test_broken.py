"""The stand-in refuses what Slack refuses: with the adapter broken on purpose, each of its rules is seen to catch it.

Each test runs twice: as the adapter is, and broken. What is seen must differ.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import connect, deliver, limits, papers, pictures, replies
from adapters.slack.answering import Answering
from adapters.slack.channels import Channels
from adapters.slack.deliver import SlackMessenger
from adapters.slack.people import People
from adapters.slack.replies import Replies
from adapters.slack.serve import open_slack
from adapters.slack.workspaces import Workspaces
from bot.domain import LetterKind
from bot.ports import NotDelivered, PlaceOrder, Search, Trouble
from bot.settings import Misconfigured
from bot.storage import outbox
from bot.storage.work import Storage
from bot.ui import Button, Message, Row, Rows, _, message
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.slack.conftest import Town, settings_for
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import Refusal
from tests.adapters.slack.rights import SCOPES
from tests.adapters.slack.test_answering import account
from tests.adapters.slack.test_connect import channels, happens
from tests.adapters.slack.test_deliver import HELLO, parcel
from tests.adapters.slack.test_kept import arrived
from tests.adapters.slack.test_papers import files, letter
from tests.adapters.slack.test_pictures import CHART
from tests.adapters.slack.test_whole_way import MENTEE, founded, matched, wait_for

pytestmark = [
    pytest.mark.parametrize("broken", [False, True], ids=["whole", "broken"]),
]

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: Patch) -> None:
    monkeypatch.setattr("adapters.slack.files.PAUSES", (0.0, 0.0, 0.0))


async def in_doubt(town: Town, person: Person, *, kind: LetterKind, to_room: bool = False) -> int:
    """A letter whose sending breaks off after it arrived, and is looked for; how often it lies there in the end."""
    found = await account(town, person.user)
    assert found is not None
    async with town.app.storage.work() as work:
        to: Any = found[1]
        if to_room:
            to = await work.first(outbox.select(outbox.Place))
        new = outbox.NewLetter(key="doubt", kind=kind, to=to, message=message(_("A letter in doubt.")))
        await outbox.post(work, found[1].community_id, new)
    town.fake.faults["chat.postMessage"] = ["break"]
    await town.pulse()
    await town.forward(hours=3)
    return sum("A letter in doubt." in words(post.blocks) for post in person.posts)


async def test_metadata_that_is_not_asked_for_brings_a_letter_twice(
    town: Town, broken: bool, monkeypatch: Patch
) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    if broken:
        really = AsyncWebClient.conversations_history

        async def forgetful(self: AsyncWebClient, **given: Any) -> Any:
            given.pop("include_all_metadata")
            return await really(self, **given)

        monkeypatch.setattr(AsyncWebClient, "conversations_history", forgetful)
    assert await in_doubt(town, ada, kind=LetterKind.NEWS) == 1 + broken


async def test_a_history_that_may_not_be_read_is_no_proof_that_nothing_is_there(
    town: Town, broken: bool, monkeypatch: Patch
) -> None:
    _olga, ada, ben = await matched(town)
    await wait_for(town, ada, f"<@{ada.user}>, meet <@{ben.user}>", days=5)
    if broken:
        really = SlackMessenger.find

        async def hasty(self: SlackMessenger, sent: Any) -> Any:
            found = await really(self, sent)
            return Search.ABSENT if found is Search.UNKNOWN else found

        monkeypatch.setattr(SlackMessenger, "find", hasty)
    assert await in_doubt(town, ada, kind=LetterKind.NUDGE, to_room=True) == 1 + broken


async def test_a_chart_that_is_shown_before_slack_is_done_with_it_is_missing(
    town: Town, broken: bool, monkeypatch: Patch
) -> None:
    if broken:
        monkeypatch.setattr(pictures, "_is_ready", lambda file: True)
    ada = town.person("Ada")
    await town.slack.messenger.send(parcel(message(_("How it goes"), CHART), user=ada.user))
    assert any(block["type"] == "image" for block in ada.posts[-1].blocks) is not broken


async def test_a_file_whose_arrival_nobody_waits_for_is_missing(town: Town, broken: bool, monkeypatch: Patch) -> None:
    olga = await founded(town)
    if broken:

        async def trusting(*_: object) -> bool:
            return True

        monkeypatch.setattr(papers, "_shows", trusting)
    town.fake.forgotten_shares = 1
    said = await letter(town, olga)
    with contextlib.suppress(NotDelivered):
        await town.slack.messenger.send(parcel(said, user=olga.user))
    assert any("Here it is." in words(post.blocks) for post in olga.posts) is broken
    assert files(town, olga) == []


async def test_a_trigger_opens_one_modal(town: Town, broken: bool, monkeypatch: Patch) -> None:
    await founded(town)
    ada = town.person("Ada")
    if broken:
        really = Replies.open

        async def eager(self: Replies, asked: Any, view: Any) -> str:
            await really(self, asked, view)
            return await really(self, asked, view)

        monkeypatch.setattr(Replies, "open", eager)
    await ada.types("/mentor join mentee")
    assert ("has a few questions" in ada.text) is broken


async def test_a_modal_that_waits_for_the_database_comes_too_late(town: Town, broken: bool, monkeypatch: Patch) -> None:
    await founded(town)
    ada = town.person("Ada")
    monkeypatch.setattr("tests.adapters.slack.fake.TRIGGER_SECONDS", 0.6)
    monkeypatch.setattr("adapters.slack.answering.PATIENCE", 30 if broken else 0.2)
    really = Storage.reading

    @contextlib.asynccontextmanager
    async def slow(self: Storage) -> Any:
        await asyncio.sleep(0.35)
        async with really(self) as work:
            yield work

    monkeypatch.setattr(Storage, "reading", slow)
    await ada.types("/mentor join mentee")
    assert (ada.modal is None) is broken


@pytest.mark.parametrize("why", ["used", "expired"])
async def test_an_address_for_answers_is_good_for_five_of_them_and_half_an_hour(
    town: Town, broken: bool, why: str, monkeypatch: Patch
) -> None:
    await founded(town)
    ada = town.person("Ada")
    channel = next(iter(town.fake.channels))
    await ada.types("/mentor help", channel=channel)
    for found in town.fake.urls.values():
        found[3], found[4] = (5, found[4]) if why == "used" else (0, found[4] - timedelta(minutes=31))
    really = Replies._posted

    async def on_an_old_address(self: Replies, asked: Any, body: Any) -> bool:
        for address in town.fake.urls.values():
            address[3], address[4] = (5, address[4]) if why == "used" else (0, town.fake.now() - timedelta(minutes=31))
        return await really(self, asked, body) or broken

    monkeypatch.setattr(Replies, "_posted", on_an_old_address)
    before = len(ada.posts)
    await ada.presses("Where do I stand?")
    assert [post.channel for post in ada.posts[before:]] == ([] if broken else [town.fake.direct(ada.user)])


async def test_a_modal_that_was_closed_takes_no_answer(town: Town, broken: bool, monkeypatch: Patch) -> None:
    await founded(town)
    ada = town.person("Ada")
    await ada.types("/mentor join mentee")
    really = Answering._finish_later

    async def later(self: Answering, answer: Any, *, view: str = "", after: float = 0) -> None:
        town.fake.views.clear()
        await really(self, answer, view=view)

    monkeypatch.setattr(Answering, "_finish_later", later)
    monkeypatch.setattr("adapters.slack.answering.PATIENCE", 0)
    if broken:
        monkeypatch.setattr(replies, "_LOST_VIEW", frozenset())
        monkeypatch.setattr("adapters.slack.answering._SILENT", ())
    await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)
    assert len(arrived(ada)) == 1 - broken


async def test_a_channel_that_the_bot_was_taken_out_of_takes_nothing(
    town: Town, broken: bool, monkeypatch: Patch
) -> None:
    if broken:

        async def deaf(*_: object) -> None:
            pass

        monkeypatch.setattr(Channels, "left", deaf)
    number, known = next(iter(town.fake.channels.items()))
    known["members"].remove("UBOT")
    await happens(town, "channel_left", channel=number, actor_id="U1")
    assert ("mentoring" in await channels(town)) is broken
    with pytest.raises(NotDelivered) as failed:
        await town.slack.messenger.send(parcel(conversation=number))
    assert failed.value.trouble is Trouble.GONE
    assert [post for post in town.fake.posts if post.channel == number] == []


async def test_a_wrong_token_opens_nothing(town: Town, broken: bool, monkeypatch: Patch) -> None:
    if broken:
        really = Workspaces._client
        monkeypatch.setattr(Workspaces, "_client", lambda self, team, token: really(self, team, token[:-1]))
    with pytest.raises(Misconfigured) if broken else contextlib.nullcontext():
        slack = await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
        await slack.close()


async def test_a_deactivated_user_who_is_not_looked_up_gets_what_nobody_reads(
    town: Town, broken: bool, monkeypatch: Patch
) -> None:
    gone = town.person("Gina", deleted=True)
    if broken:

        async def trusting(client: object, user: str) -> str:
            return user

        monkeypatch.setattr(deliver, "_present", trusting)
    with contextlib.nullcontext() if broken else pytest.raises(NotDelivered):
        await town.slack.messenger.send(parcel(user=gone.user))
    assert len(gone.posts) == broken


async def test_a_reply_that_slack_had_no_time_for_is_lost_unless_it_is_sent_again(town: Town, broken: bool) -> None:
    ada = town.person("Ada")
    workspace = town.slack.workspaces.of(town.fake.team)
    assert workspace is not None
    if broken:
        workspace.client.retry_handlers.clear()
    town.fake.faults["chat.postMessage"] = [Refusal("ratelimited", status=429, headers={"Retry-After": "0"})]
    await ada.says("mentor help")
    assert len(ada.posts) == 1 - broken


async def test_an_event_that_is_not_remembered_acts_twice(town: Town, broken: bool, monkeypatch: Patch) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    if broken:
        really = People.request
        monkeypatch.setattr(
            People, "request", lambda self, asked, **given: really(self, asked, **given | {"event": ""})
        )
    before = len(ada.posts)
    for retry in range(2):
        await ada.says("what is this", event="Ev1", retry=retry)
    assert len(ada.posts) == before + 1 + broken


async def test_an_event_without_a_listener_is_a_failed_delivery(town: Town, broken: bool) -> None:
    if broken:
        town.slack.app._async_listeners.clear()
    with pytest.raises(AssertionError, match="404") if broken else contextlib.nullcontext():
        await happens(town, "emoji_changed")


async def test_a_bug_behind_an_acknowledgement_would_lose_it(town: Town, broken: bool, monkeypatch: Patch) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")

    async def raises(asked: object, ack: Any) -> None:
        await ack()
        raise RuntimeError

    async def unheard(ack: object, act: Callable[[], Awaitable[None]]) -> None:
        await act()

    monkeypatch.setattr(town.slack.answering, "press", raises)
    if broken:
        monkeypatch.setattr(connect, "_heard", unheard)
    with pytest.raises(AssertionError, match="500") if broken else contextlib.nullcontext():
        await ada.presses("Where do I stand?")


@pytest.mark.parametrize("limit", ["BLOCKS", "TEXT"])
async def test_a_letter_that_is_not_split_is_refused_and_fails_its_test(
    town: Town, broken: bool, limit: str, monkeypatch: Patch
) -> None:
    ada = town.person("Ada")
    if broken:
        monkeypatch.setattr(limits, limit, 100_000)
    words, look = ("a word", (Button(_("Look"), "mentor help"),)) if limit == "BLOCKS" else ("a word, " * 100, ())
    long: Message = message(_("Pairs"), Rows((Row(_("Somebody wrote {words}.", words=words), look),) * 41))
    with pytest.raises(NotDelivered) if broken else contextlib.nullcontext():
        await town.slack.messenger.send(parcel(long, user=ada.user))
    assert bool(town.fake.wrong) is broken
    town.fake.wrong.clear()


async def test_a_link_in_peoples_words_that_slack_would_open_fails_its_test(
    town: Town, broken: bool, monkeypatch: Patch
) -> None:
    really = AsyncWebClient.chat_postMessage
    if broken:

        async def forgetful(self: AsyncWebClient, **given: Any) -> Any:
            given.pop("unfurl_media")
            return await really(self, **given)

        monkeypatch.setattr(AsyncWebClient, "chat_postMessage", forgetful)
    await town.person("Ada").says("mentor help")
    assert bool(town.fake.wrong) is broken
    town.fake.wrong.clear()


async def _typed(town: Town) -> str:
    ada = town.person("Ada")
    await ada.says("mentor help")
    return ada.text


async def _written(town: Town) -> str:
    ada = town.person("Ada")
    await town.slack.messenger.send(parcel(HELLO, user=ada.user))
    return ada.text


async def _known(town: Town, *, private: bool) -> str:
    met = town.fake.channel("newcomers", private=private)
    again = await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
    await again.close()
    return met if "newcomers" in await channels(town) else ""


async def _paired(town: Town) -> str:
    ada, ben = town.person("Ada"), town.person("Ben")
    return await town.slack.messenger.open_place(PlaceOrder(1, town.fake.team, "Ada and Ben", [ada.user, ben.user]))


async def _drawn(town: Town) -> str:
    ada = town.person("Ada")
    await town.slack.messenger.send(parcel(message(_("How it goes"), CHART), user=ada.user))
    return "shown" if any(block["type"] == "image" for block in ada.posts[-1].blocks) else ""


async def _sent(town: Town) -> str:
    olga = await founded(town)
    await olga.types("/cohort people")
    await town.pulse()
    return "sent" if files(town, olga) else ""


async def _commanded(town: Town) -> str:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    return ada.text


async def _recognized(town: Town) -> str:
    ada = town.person("Ada")
    await ada.opens_home()
    found = await account(town, ada.user)
    return found[1].mail if found else ""


DEEDS: dict[str, Callable[[Town], Awaitable[str]]] = {
    "commands": _commanded,
    "chat:write": _written,
    "im:write": _sent,
    "im:history": _typed,
    "mpim:write": _paired,
    "channels:read": partial(_known, private=False),
    "groups:read": partial(_known, private=True),
    "users:read": _written,
    "users:read.email": _recognized,
    "files:write": _drawn,
    "files:read": _drawn,
}


@pytest.mark.parametrize("scope", sorted(SCOPES))
async def test_a_right_that_the_manifest_forgets_is_missed(town: Town, broken: bool, scope: str) -> None:
    if broken:
        town.fake.scopes = SCOPES - {scope}
    try:
        seen = await DEEDS[scope](town)
    except NotDelivered:
        seen = ""
    assert bool(seen) is not broken
