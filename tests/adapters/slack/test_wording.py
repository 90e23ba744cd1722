"""What people type reaches the bot as they typed it, through all that Slack makes of it on the way."""

import json

import pytest

from adapters.slack.wording import mentioned, unescaped, without_address
from bot.domain import Goal
from tests.adapters.slack.conftest import Town
from tests.adapters.slack.contract import sample
from tests.adapters.slack.fake import TEAM
from tests.adapters.slack.test_whole_way import matched


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("R&amp;D &lt;b&gt; <https://x.example> <#C1|general> <@U1|ada>", "R&D <b> https://x.example #general @Ada"),
        ("<http://x.example|x.example> <mailto:a@b.example|a@b.example>", "x.example a@b.example"),
        ("<!here> <!channel|channel> <!subteam^S1|@team>", "@here channel @team"),
        ("<@U2> <@U2|dev> <#C2>", "@U2 @dev #C2"),
        ("&amp;lt; stays as it was typed", "&lt; stays as it was typed"),
        ("a * b _ c ~ d ` e", "a * b _ c ~ d ` e"),
    ],
)
def test_text_is_unescaped_once(sent: str, typed: str) -> None:
    assert unescaped(sent, {"U1": "Ada"}) == typed


def test_who_is_mentioned_is_known() -> None:
    assert mentioned("<@U1|ada> <@U2> &lt;@U3&gt; @U4") == {"U1", "U2"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("<@UBOT> goals list", "goals list"),
        (" <@UBOT|mentorbot>: help", "help"),
        ("<@UBOT>", ""),
        ("<@U2> is away", "<@U2> is away"),
        ("is <@UBOT> here", "is <@UBOT> here"),
    ],
)
def test_whoever_addresses_the_bot_by_its_name_says_the_rest(sent: str, said: str) -> None:
    assert without_address(sent, "UBOT") == said


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("<@UBOT> mentor help", {}),
        ("mentor help", {"subtype": "thread_broadcast", "thread_ts": "1801494000.000001"}),
        ("mentor help", {"subtype": "me_message"}),
        ("", {"subtype": "file_share"}),
    ],
    ids=["addressed", "from a thread to all", "me", "a file alone"],
)
async def test_whatever_somebody_writes_to_the_bot_is_answered(town: Town, text: str, more: dict[str, str]) -> None:
    ada = town.person("Ada")
    body = sample("event_message_from_user") | {"team_id": TEAM, "event_id": "Ev1"}
    body["event"] |= {"user": ada.user, "text": text, "channel": town.fake.direct(ada.user), "channel_type": "im"}
    body["event"] |= more
    await town.line.post(json.dumps(body), "application/json")
    assert "What you can do here" in ada.text


async def test_what_is_typed_is_what_is_kept(town: Town) -> None:
    _olga, ada, _ben = await matched(town)
    await town.forward(days=2)
    typed = f"R&amp;D &lt;b&gt; <https://x.example> <#C001|mentoring> <@{ada.user}|ada>"
    await ada.types(f'/goals set title:"{typed}" help:"Listen"')
    async with town.app.storage.reading() as work:
        goal = await work.get(Goal, 1)
    assert goal.title == "R&D <b> https://x.example #mentoring @Ada"
    assert "R&D <b> https://x.example #mentoring @Ada" in ada.text
