"""Channels that the bot is not in, or not any more: said clearly, to those who can change it, and once."""

from __future__ import annotations

import json

import pytest

from adapters.slack.serve import open_slack
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.slack.conftest import Town, settings_for
from tests.adapters.slack.contract import sample
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import BOT, TEAM, Refusal
from tests.adapters.slack.test_connect import channels, happens
from tests.adapters.slack.test_whole_way import founded, matched


@pytest.fixture
async def liaisons(town: Town) -> tuple[Person, str]:
    """The coordinator, and the private channel where the liaisons' summary goes."""
    olga, _ada, _ben = await matched(town)
    number = next(number for number, known in town.fake.channels.items() if known["name"] == "liaisons")
    await olga.types(f"/liaison channel <#{number}|liaisons>")
    assert "The liaisons' summary goes to #liaisons." in olga.posts[-1].text
    return olga, number


async def leaves(town: Town, number: str) -> None:
    town.fake.channels[number]["members"].remove(BOT)
    await happens(town, "group_left", channel=number, actor_id="U1")


async def test_a_channel_that_the_bot_was_not_invited_to_asks_for_the_invitation(town: Town) -> None:
    olga, _ada, _ben = await matched(town)
    staff = next(number for number, known in town.fake.channels.items() if known["name"] == "staff")
    await olga.types(f"/liaison channel <#{staff}|staff>")
    asked = words(olga.modal.body)
    assert "I do not find “#staff” among the channels that I was invited to. Please invite me there first" in asked
    assert "Channels that I was invited to appear here." in asked


async def test_somebody_who_never_wrote_to_the_bot_cannot_be_chosen_and_it_is_said_why(town: Town) -> None:
    olga, _ada, _ben = await matched(town)
    await olga.types("/cohort team add liaison <@U999|zed>")
    assert "I do not know anybody called “@zed” here." in words(olga.modal.body)
    assert "ask them to write to me once" in words(olga.modal.body)


async def test_of_two_with_one_name_the_one_who_is_mentioned_is_meant_and_a_list_tells_them_apart(town: Town) -> None:
    olga, adas = await founded(town), [town.person("Ada", profile=_known(mail)) for mail in ("one", "two")]
    for ada in adas:
        await ada.types("/mentor help")
    await olga.types(f"/cohort team add liaison <@{adas[1].user}|ada>")
    assert olga.modal is None
    await town.forward(days=1)
    assert [any("you are now a liaison" in words(post.blocks) for post in ada.posts) for ada in adas] == [False, True]
    await olga.types("/cohort team add liaison")
    person = next(block for block in olga.modal.body["blocks"] if block.get("block_id", "").startswith("person"))
    offered = [one["text"]["text"] for one in await olga.searches(person, "Ada")]
    assert offered == ["Ada (one@library.example)", "Ada (two@library.example)"]


async def test_whoever_applies_reads_nobodys_mail_address(town: Town) -> None:
    await founded(town)
    for mail in ("one", "two"):
        await town.person("Ada", profile=_known(mail)).types("/mentor help")
    ben = town.person("Ben")
    await ben.types("/mentor join mentee")
    await ben.presses("Add more")
    avoid = next(block for block in ben.modal.body["blocks"] if block.get("block_id", "") == "avoid")
    assert [one["text"]["text"] for one in await ben.searches(avoid, "Ada")] == ["Ada", "Ada"]


def _known(mail: str) -> dict[str, str]:
    return {"real_name": "Ada", "email": f"{mail}@library.example"}


async def test_a_summary_is_not_promised_to_a_channel_that_the_bot_was_taken_out_of(
    town: Town, liaisons: tuple[Person, str]
) -> None:
    olga, number = liaisons
    await leaves(town, number)
    await olga.types("/liaison summary")
    assert "any more. Please invite me there again." in olga.text
    assert {"type": "channel", "channel_id": number} in olga.posts[-1].blocks[0]["elements"][0]["elements"]
    await olga.presses("Choose another channel")
    assert olga.modal is not None


async def test_that_a_channel_is_lost_is_said_once_until_the_bot_is_invited_again(
    town: Town, liaisons: tuple[Person, str]
) -> None:
    olga, number = liaisons

    def told() -> int:
        return sum("I cannot post in one of your channels." in post.text for post in olga.posts)

    await town.forward(days=20)
    await leaves(town, number)
    await town.forward(days=30)
    assert told() == 1
    town.fake.channels[number]["members"].append(BOT)
    await happens(town, "member_joined_channel", user=BOT, channel=number, channel_type="G", team=TEAM)
    before = len([post for post in town.fake.posts if post.channel == number])
    await town.forward(days=8)
    assert len([post for post in town.fake.posts if post.channel == number]) > before
    await leaves(town, number)
    await town.forward(days=15)
    assert told() == 2


async def test_a_pairs_conversation_is_no_channel_and_no_trouble(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    await matched(town)
    await town.forward(days=40)
    room = next(number for number, known in town.fake.channels.items() if known.get("is_mpim"))
    before = await channels(town)
    await happens(town, "member_joined_channel", user=BOT, channel=room, channel_type="G", team=TEAM)
    assert await channels(town) == before
    assert "answer lost" not in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["member_joined_channel", "channel_rename"])
async def test_a_channel_that_slack_cannot_describe_now_is_logged_as_lost_and_known_when_the_event_comes_again(
    town: Town, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    staff = next(one for one in town.fake.channels.values() if one["name"] == "staff")
    staff["members"].append(BOT)
    event = {"channel": {"id": staff["id"], "name": "staff", "created": 1}}
    if kind == "member_joined_channel":
        event = {"channel": staff["id"], "user": BOT}
    town.fake.faults["conversations.info"] = [Refusal("internal_error")]
    body = sample("event_app_home_opened") | {"team_id": TEAM, "event_id": "Ev1", "event": {"type": kind, **event}}
    for is_known in (False, True):
        await town.line.post(json.dumps(body), "application/json")
        assert ("staff" in await channels(town)) is is_known
        assert ("answer lost" in capsys.readouterr().out) is not is_known


async def test_a_channel_is_looked_up_once_for_its_new_name(town: Town) -> None:
    number = next(iter(town.fake.channels))
    town.fake.channels[number]["name"] = "everybody"
    await happens(town, "channel_rename", channel={"id": number, "name": "everybody", "created": 1})
    assert "everybody" in await channels(town)
    assert [method for method, _given in town.fake.calls].count("conversations.info") == 1


async def test_a_private_channel_of_others_is_no_trouble(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    number = town.fake.channel("board", private=True, members=())
    await happens(town, "channel_rename", channel={"id": number, "name": "board", "created": 1})
    assert "board" not in await channels(town)
    assert "answer lost" not in capsys.readouterr().out


async def test_a_channel_that_comes_back_is_offered_again(town: Town) -> None:
    number = next(iter(town.fake.channels))
    await happens(town, "channel_archive", channel=number, user="U1")
    assert "mentoring" not in await channels(town)
    await happens(town, "channel_unarchive", channel=number, user="U1")
    assert "mentoring" in await channels(town)


@pytest.mark.parametrize("listed", [True, False])
async def test_a_channel_that_was_lost_while_nobody_listened_is_known_at_the_next_start(
    town: Town, listed: bool
) -> None:
    number = next(number for number, known in town.fake.channels.items() if known["name"] == "liaisons")
    town.fake.channels[number]["members"].remove(BOT)
    town.fake.scopes = town.fake.scopes - (set() if listed else {"groups:read"})
    slack = await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
    await slack.close()
    assert ("liaisons" in await channels(town)) is not listed  # where Slack does not say it, nothing is known
