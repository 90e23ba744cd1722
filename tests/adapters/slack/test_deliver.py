"""Letters on Slack: each once, whatever breaks on the way, and nothing said of a reader that Slack would not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain import Channel, Letter, LetterKind, LetterState
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble
from bot.storage import outbox
from bot.ui import Button, Buttons, Message, Quoted, Row, Rows, _, message
from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import SCOPES, TEAM, Post, Refusal
from tests.adapters.slack.test_answering import account
from tests.adapters.slack.test_connect import happens
from tests.adapters.slack.test_whole_way import founded

HELLO = message(_("Have you talked lately?"), Buttons((Button(_("We talked"), "nudge talked", {"pair": "1"}),)))

LETTER = message(_("A letter"))


def parcel(said: Message = HELLO, *, user: str = "", conversation: str = "", letter: int = 7) -> Parcel:
    since = datetime(2027, 2, 1, 14, 59, tzinfo=UTC)
    return Parcel(letter, 1, TEAM, said, "America/New_York", "en", user, conversation, since)


async def trouble(town: Town, sent: Parcel) -> NotDelivered:
    with pytest.raises(NotDelivered) as failed:
        await town.slack.messenger.send(sent)
    return failed.value


async def post(town: Town, reader: Person, said: Message = LETTER) -> int:
    """A letter is written to somebody whom the bot knows; its number."""
    found = await account(town, reader.user)
    assert found is not None
    async with town.app.storage.work() as work:
        new = outbox.NewLetter(key="k", kind=LetterKind.DUTY, to=found[1], message=said)
        [number] = await outbox.post(work, found[1].community_id, new)
    return number


async def test_a_letter_carries_its_number_and_nothing_else(town: Town) -> None:
    ada = town.person("Ada")
    receipt = await town.slack.messenger.send(parcel(user=ada.user))
    post = ada.posts[-1]
    assert (post.channel, post.ts) == (receipt.conversation, receipt.posted)
    assert post.metadata == {"event_type": "mentorbot_letter", "event_payload": {"letter": 7}}
    assert post.text == "Have you talked lately?"


async def test_a_call_that_breaks_off_leaves_the_letter_in_doubt_and_is_not_made_again(town: Town) -> None:
    ada = town.person("Ada")
    town.fake.faults["chat.postMessage"] = ["break"]
    assert (await trouble(town, parcel(user=ada.user))).trouble is Trouble.UNSURE
    assert len(ada.posts) == 1
    found = await town.slack.messenger.find(parcel(user=ada.user))
    assert found == Receipt(ada.posts[0].channel, ada.posts[0].ts)


async def test_a_letter_that_did_not_arrive_is_known_to_be_absent(town: Town) -> None:
    ada = town.person("Ada")
    await town.slack.messenger.send(parcel(user=ada.user, letter=8))
    assert await town.slack.messenger.find(parcel(user=ada.user)) is Search.ABSENT


@pytest.mark.parametrize("ahead", [1, 30, 60])
async def test_a_letter_is_found_though_our_clock_is_ahead_of_slacks(town: Town, ahead: int) -> None:
    ada = town.person("Ada")
    receipt = await town.slack.messenger.send(parcel(user=ada.user))
    since = town.clock.now() + timedelta(seconds=ahead)
    assert await town.slack.messenger.find(replace(parcel(user=ada.user), since=since)) == receipt


async def test_a_search_that_breaks_off_says_nothing_and_is_made_again(town: Town) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    town.fake.faults["chat.postMessage"] = ["break"]
    await post(town, ada)
    await town.pulse()
    breaks = town.fake.faults["conversations.history"] = ["break"] * 2  # the library asks twice
    with pytest.raises(NotDelivered) as failed:
        await town.slack.messenger.find(parcel(user=ada.user))
    assert failed.value.trouble is Trouble.UNSURE
    breaks += ["break"] * 2
    await town.forward(minutes=10)
    assert breaks == []
    assert ada.text == "A letter"
    assert len(ada.posts) == 2


async def test_behind_many_other_posts_a_letter_is_not_said_to_be_absent(town: Town) -> None:
    ada = town.person("Ada")
    for letter in range(20, 40):
        await town.slack.messenger.send(parcel(user=ada.user, letter=letter))
    assert await town.slack.messenger.find(parcel(user=ada.user)) is Search.UNKNOWN


@pytest.mark.parametrize(("kind", "scope"), [("room", "mpim:history"), ("channel", "channels:history")])
async def test_without_the_right_to_read_nothing_is_known(town: Town, kind: str, scope: str) -> None:
    ada, ben = town.person("Ada"), town.person("Ben")
    there = next(iter(town.fake.channels))
    if kind == "room":
        there = await town.slack.messenger.open_place(PlaceOrder(1, TEAM, "Ada and Ben", [ada.user, ben.user]))
    receipt = await town.slack.messenger.send(parcel(conversation=there))
    assert await town.slack.messenger.find(parcel(conversation=there)) is Search.UNKNOWN
    town.fake.scopes = SCOPES | {scope}
    assert await town.slack.messenger.find(parcel(conversation=there)) == receipt


async def test_a_search_that_forgets_the_metadata_would_find_nothing(town: Town) -> None:
    ada = town.person("Ada")
    await town.slack.messenger.send(parcel(user=ada.user))
    asked = {"channel": town.fake.direct(ada.user), "limit": 15}
    assert "metadata" not in town.fake._conversations_history(asked)["messages"][0]
    assert "metadata" in town.fake._conversations_history({**asked, "include_all_metadata": "1"})["messages"][0]


@pytest.mark.parametrize(
    ("refusal", "expected", "seconds"),
    [
        (Refusal("ratelimited", status=429, headers={"Retry-After": "17"}), Trouble.BUSY, 17),
        (Refusal("fatal_error", status=500), Trouble.BUSY, 30),
        (Refusal("", status=502), Trouble.UNSURE, 30),
        (Refusal("token_revoked"), Trouble.BUSY, 3600),
        (Refusal("cannot_dm_bot"), Trouble.CLOSED, 30),
        (Refusal("messages_tab_disabled"), Trouble.BUSY, 3600),
        (Refusal("missing_scope"), Trouble.BUSY, 3600),
        (Refusal("is_archived"), Trouble.GONE, 30),
    ],
    ids=lambda value: str(getattr(value, "error", value)),
)
async def test_what_slack_says_becomes_what_the_outbox_understands(
    town: Town, refusal: Refusal, expected: Trouble, seconds: float
) -> None:
    ada = town.person("Ada")
    town.fake.faults["chat.postMessage"] = [refusal]
    failed = await trouble(town, parcel(user=ada.user))
    assert (failed.trouble, failed.seconds) == (expected, seconds)
    assert [method for method, _given in town.fake.calls].count("chat.postMessage") == 1


async def test_a_deactivated_user_is_noticed_though_slack_takes_the_message(town: Town) -> None:
    gone = town.person("Gina", deleted=True)
    assert (await trouble(town, parcel(user=gone.user))).trouble is Trouble.CLOSED
    assert gone.posts == []


async def test_a_channel_that_the_bot_is_not_in_takes_nothing(town: Town) -> None:
    staff = next(number for number, known in town.fake.channels.items() if known["name"] == "staff")
    assert (await trouble(town, parcel(conversation=staff))).trouble is Trouble.GONE


async def test_a_workspace_that_took_its_token_back_keeps_its_letters(town: Town) -> None:
    ada = town.person("Ada")
    await town.slack.workspaces.revoke(TEAM)
    assert (await trouble(town, parcel(user=ada.user))).trouble is Trouble.BUSY


async def test_the_same_people_get_the_same_room(town: Town) -> None:
    ada, ben = town.person("Ada"), town.person("Ben")
    rooms = {
        await town.slack.messenger.open_place(PlaceOrder(place, TEAM, "Ada and Ben", users))
        for place, users in ((1, [ada.user, ben.user]), (2, [ben.user, ada.user]))
    }
    assert len(rooms) == 1


async def test_a_long_letter_is_split_and_each_post_says_which_of_them_it_is(town: Town) -> None:
    ada = town.person("Ada")
    row = Row(_("{name} would like to hear from you about {what}.", name="Somebody" * 4, what="cataloging " * 6),
              (Button(_("Look"), "liaison pair", {"pair": "1"}),))  # fmt: skip
    sent = parcel(message(_("Forty-one pairs"), Rows((row,) * 41), Quoted("Words. " * 2000)), user=ada.user)
    receipt = await town.slack.messenger.send(sent)
    assert len(ada.posts) > 2
    assert [one.metadata["event_payload"] for one in ada.posts if one.metadata] == [
        {"letter": 7, "post": number, "posts": len(ada.posts)} for number in range(1, len(ada.posts) + 1)
    ]
    assert receipt.posted == ada.posts[0].ts
    assert await town.slack.messenger.find(sent) == receipt
    assert sum(words(post.blocks).count("Words. ") for post in ada.posts) >= 1990


def busy(seconds: int) -> Refusal:
    return Refusal("ratelimited", status=429, headers={"Retry-After": str(seconds)})


LONG = message(_("Long"), *[Quoted(f"x{number} " * 900, _("Ben")) for number in range(12)])
"""A letter of several posts, in which each of twelve words stands 900 times."""


def lies_there_once(posts: Sequence[Post]) -> bool:
    said = "".join(words(one.blocks) for one in posts)
    return [said.count(f"x{number} ") for number in range(12)] == [900] * 12


async def test_a_letter_whose_beginning_lies_there_waits_for_a_busy_slack(town: Town) -> None:
    ada = town.person("Ada")
    town.fake.faults["chat.postMessage"] = ["", busy(0), "", busy(0), busy(0)]
    await town.slack.messenger.send(parcel(LONG, user=ada.user))
    assert len(ada.posts) > 2
    assert lies_there_once(ada.posts)


@pytest.mark.parametrize("fault", [busy(600), "break", Refusal("", status=502)], ids=["busy", "done", "undone"])
async def test_of_a_letter_that_breaks_off_only_its_end_is_sent_again(town: Town, fault: Refusal | str) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    before = len(ada.posts)
    town.fake.faults["chat.postMessage"] = ["", fault]
    number = await post(town, ada, LONG)
    await town.pulse()
    assert not lies_there_once(ada.posts[before:])
    await town.forward(minutes=30)
    assert lies_there_once(ada.posts[before:])
    async with town.app.storage.reading() as work:
        sent = await work.get(Letter, number)
    assert (sent.state, sent.posted) == (LetterState.SENT, ada.posts[before].ts)


async def test_a_letter_that_breaks_off_twice_is_not_begun_again(town: Town) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    before = len(ada.posts)
    town.fake.faults["chat.postMessage"] = ["", busy(600), "break"]
    await post(town, ada, LONG)
    await town.forward(hours=3)
    assert lies_there_once(ada.posts[before:])


@pytest.mark.parametrize(("fault", "posts"), [(busy(600), 1), (Refusal("", status=502), 3)], ids=["busy", "unsure"])
async def test_where_nothing_can_be_looked_up_a_lost_end_is_named_and_the_beginning_comes_once(
    town: Town, fault: Refusal, posts: int, capsys: pytest.CaptureFixture[str]
) -> None:
    there = next(iter(town.fake.channels))
    town.fake.faults["chat.postMessage"] = ["", fault]
    receipt = await town.slack.messenger.send(parcel(LONG, conversation=there))
    assert town.fake.posts[0].ts == receipt.posted
    assert len(town.fake.posts) == posts
    assert '"letter": 7, "post": 2' in capsys.readouterr().out


async def test_while_nobody_says_what_lies_in_a_direct_message_its_letter_waits(town: Town) -> None:
    ada = town.person("Ada")
    town.fake.faults |= {"chat.postMessage": ["", busy(600)], "conversations.history": [busy(60)]}
    assert (await trouble(town, replace(parcel(LONG, user=ada.user), since=None))).seconds == 600


async def test_a_letter_is_rewritten_where_it_lies(town: Town) -> None:
    ada = town.person("Ada")
    receipt = await town.slack.messenger.send(parcel(user=ada.user))
    changed = parcel(message(_("This was an earlier letter.")), user=ada.user)
    await town.slack.messenger.rewrite(changed, receipt)
    assert ada.text == "This was an earlier letter."
    await town.slack.messenger.rewrite(changed, replace(receipt, posted="1700000000.000009"))
    assert len(ada.posts) == 1


@pytest.mark.parametrize("fault", ["break", Refusal("", status=502)], ids=["done", "undone"])
async def test_the_open_call_is_corrected_though_nobody_hears_of_it_and_its_channel_is_unread(
    town: Town, fault: Refusal | str
) -> None:
    await founded(town)
    await town.pulse()
    async with town.app.storage.work() as work:
        call = await work.first(select(Letter).where(Letter.kind == LetterKind.CALL))
        assert call is not None
        channel = await work.get(Channel, call.channel_id or 0)
        said = message(_("The new dates."))
        new = outbox.NewLetter(key="new", kind=LetterKind.CALL, to=channel, message=said, replaces=call.id)
        await outbox.post(work, call.community_id, new)
    town.fake.faults["chat.update"] = [fault]
    await town.pulse()
    await town.forward(minutes=10)
    assert [one.text for one in town.fake.posts if one.channel == channel.conversation] == ["The new dates."]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("messages_tab_disabled", "The app's Messages tab is off: switch it on under App Home"),
        ("missing_scope", '"needed": "chat:write"'),
        ("ekm_access_denied", "keeps the app from doing this, and letters wait: its admins can say why"),
        ("invalid_blocks", "does not take what this version of the app says"),
        ("token_revoked", "Slack does not take the bot's token, and letters wait: set SLACK_BOT_TOKEN anew"),
    ],
)
async def test_what_is_amiss_with_the_whole_app_makes_nobody_unreachable_and_is_said_in_the_log(
    town: Town, refusal: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    olga = await founded(town)
    await town.pulse()
    await olga.types("/cohort people")
    town.fake.faults["chat.postMessage"] = [Refusal(refusal)]
    await town.pulse()
    assert said in capsys.readouterr().out
    found = await account(town, olga.user)
    assert found is not None
    assert found[0].reachable
    await town.forward(hours=2)
    assert "as a file" in olga.text


async def test_a_token_that_is_taken_back_is_named_once_and_not_with_every_letter(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = town.person("Ada")
    town.fake.gone = "token_revoked"
    for letter in range(3):
        assert (await trouble(town, parcel(user=ada.user, letter=letter))).trouble is Trouble.BUSY
    await happens(town, "app_uninstalled")
    said = capsys.readouterr().out
    assert said.count("set SLACK_BOT_TOKEN anew") == 1
    assert "install" not in said.replace("or install the app again", "")


async def test_a_pair_without_a_room_for_want_of_a_right_says_which(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, ben = town.person("Ada"), town.person("Ben")
    town.fake.scopes = SCOPES - {"mpim:write"}
    with pytest.raises(NotDelivered) as failed:
        await town.slack.messenger.open_place(PlaceOrder(1, TEAM, "Ada and Ben", [ada.user, ben.user]))
    assert failed.value.trouble is Trouble.GONE
    assert '"needed": "mpim:write"' in capsys.readouterr().out
