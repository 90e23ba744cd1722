"""What Slack brings besides questions, and what it must never get: a 404, a forged answer, a lost acknowledgement."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy import select

from adapters.slack import incoming
from adapters.slack.credentials import are_set
from adapters.slack.serve import open_slack
from bot.domain import Channel
from bot.settings import Misconfigured, OutOfReach, Settings
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.slack.conftest import KEY, Town, settings_for
from tests.adapters.slack.contract import read, sample
from tests.adapters.slack.driver import Person
from tests.adapters.slack.fake import BOT, TEAM, Refusal
from tests.adapters.slack.rights import SCOPES
from tests.adapters.slack.test_answering import account

MANY = {
    "slack_client_id": "1.2",
    "slack_client_secret": "c0ffee",
    "slack_signing_secret": "a1",
    "mentorbot_secret_key": KEY,
}
FORM = "application/x-www-form-urlencoded"


async def happens(town: Town, kind: str, **event: Any) -> None:
    """An event of the workspace."""
    body = sample("event_app_home_opened") | {"team_id": TEAM, "event_id": f"Ev{town.fake.trigger('U')}"}
    body["event"] = {"type": kind, "event_ts": "1610261539.000200", **event}
    await town.line.post(json.dumps(body), "application/json")


async def channels(town: Town) -> set[str]:
    """Channels that the bot offers."""
    async with town.app.storage.reading() as work:
        return set(await work.all(select(Channel.name).where(Channel.left_at.is_(None))))


@pytest.mark.parametrize("kind", read("inbound-samples.json"))
async def test_everything_that_slack_sends_is_acknowledged(town: Town, kind: str) -> None:
    town.person("Ada", id="W111")
    body = sample(kind)
    if kind == "slash_command":
        text, content_type = urlencode(body), FORM
    elif body["type"] in {"event_callback", "url_verification"}:
        text, content_type = json.dumps(body), "application/json"
    else:
        text, content_type = urlencode({"payload": json.dumps(body)}), FORM
    answered = await town.line.post(text, content_type)
    if kind == "url_verification":
        assert answered == {"challenge": body["challenge"]}


async def test_what_is_not_signed_by_slack_is_refused(town: Town) -> None:
    body = urlencode(sample("slash_command") | {"team_id": TEAM})
    forged = {"X-Slack-Request-Timestamp": "1700000000", "X-Slack-Signature": "v0=00", "Content-Type": FORM}
    for headers in (forged, {"Content-Type": FORM}):
        async with town.line.http.post("/slack/events", data=body, headers=headers) as answered:
            assert answered.status == 401


async def test_a_wrong_signing_secret_is_named_in_the_log_and_not_for_every_request(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    for _time in range(3):
        async with town.line.http.post("/slack/events", data="text=hello", headers={"Content-Type": FORM}) as answered:
            assert answered.status == 401
    said = capsys.readouterr().out
    assert said.count("not signed with SLACK_SIGNING_SECRET, or this machine's clock is wrong") == 1
    assert "docs/operating.md, Slack" in said


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"a=b", f"{FORM}; charset=nope"),
        (b"payload=%7B", FORM),
        (b"payload=[1]", FORM),
    ],
)
async def test_what_nobody_has_signed_is_not_even_read(
    town: Town, body: bytes, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as logged:
        for _time in range(3):
            async with town.line.http.post("/slack/events", data=body, headers={"Content-Type": kind}) as answered:
                assert answered.status == 401
    assert (len(logged), caplog.records) == (1, [])


@pytest.mark.parametrize("stamp", ["abc", "", "1e9", "9" * 400, "9" * 5000, "now"])
@pytest.mark.parametrize("signature", ["v0=00", "v0=ä"])
async def test_a_made_up_signature_is_refused_and_said_once(
    town: Town, stamp: str, signature: str, caplog: pytest.LogCaptureFixture
) -> None:
    stamp = str(int(time.time())) if stamp == "now" else stamp
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature, "Content-Type": FORM}
    with structlog.testing.capture_logs() as logged:
        for _time in range(3):
            async with town.line.http.post("/slack/events", data="a=b", headers=headers) as answered:
                assert answered.status == 401
    assert (len(logged), caplog.records) == (1, [])


async def test_without_a_secret_nothing_is_taken_over_http(town: Town) -> None:
    settings = settings_for(town.fake, slack_signing_secret="", slack_app_token="xapp-1")
    slack = await open_slack(settings, town.app, Dispatch(town.app.storage, CATALOG))
    server = aiohttp.web.Application()
    slack.add_routes(server)
    assert list(server.router.resources()) == []
    await slack.close()


async def test_an_acknowledgement_outlives_a_bug_behind_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(asked: object, ack: Any) -> None:
        await ack("heard")
        raise RuntimeError

    ada = town.person("Ada")
    monkeypatch.setattr(town.slack.answering, "press", broken)
    await ada.types("/mentor help")
    await ada.presses("Where do I stand?")


async def test_channels_are_known_from_the_start_and_as_the_bot_comes_and_goes(town: Town) -> None:
    assert await channels(town) == {"mentoring", "liaisons", "events"}
    staff = next(one for one in town.fake.channels.values() if one["name"] == "staff")
    staff["members"].append(BOT)
    await happens(town, "member_joined_channel", user=BOT, channel=staff["id"], channel_type="C", team=TEAM)
    assert "staff" in await channels(town)
    staff["name"] = "everybody"
    await happens(town, "channel_rename", channel={"id": staff["id"], "name": "everybody", "created": 1})
    assert "everybody" in await channels(town)
    await happens(town, "channel_left", channel=staff["id"], actor_id="U1")
    assert "everybody" not in await channels(town)


async def test_somebody_elses_coming_and_going_is_none_of_the_bots(town: Town) -> None:
    staff = next(one for one in town.fake.channels.values() if one["name"] == "staff")
    await happens(town, "member_joined_channel", user="U777", channel=staff["id"], channel_type="C", team=TEAM)
    assert "staff" not in await channels(town)


async def test_what_happens_in_a_channel_that_is_shared_happens_to_the_workspace_that_installed_the_bot(
    town: Town,
) -> None:
    """Such an event names the other organization's workspace, and ours among those that may know of it."""
    staff = next(one for one in town.fake.channels.values() if one["name"] == "staff")
    staff["members"].append(BOT)
    body = sample("event_member_joined_channel")
    body |= {"team_id": "TOTHER", "event_id": "Ev1", "is_ext_shared_channel": True}
    body["authorizations"][0]["team_id"] = TEAM
    body["event"] |= {"user": BOT, "channel": staff["id"], "team": "TOTHER"}
    await town.line.post(json.dumps(body), "application/json")
    assert "staff" in await channels(town)


async def test_words_that_come_by_way_of_another_workspace_are_answered(town: Town) -> None:
    ada = town.person("Ada")
    body = sample("event_message_from_user")
    body |= {"team_id": "TOTHER", "event_id": "Ev1", "is_ext_shared_channel": True}
    body["authorizations"][0]["team_id"] = TEAM
    body["event"] |= {"user": ada.user, "text": "help", "channel": town.fake.direct(ada.user), "channel_type": "im"}
    await town.line.post(json.dumps(body), "application/json")
    assert "What you can do" in ada.text


async def test_what_slack_itself_says_in_the_direct_message_is_not_answered(town: Town) -> None:
    await happens(town, "message", user="USLACKBOT", text="Reminder: help", channel="D1", channel_type="im", ts="1.1")
    assert await account(town, "USLACKBOT") is None
    assert town.fake.posts == []


async def test_a_closed_account_is_known_at_once_and_so_is_its_return(town: Town) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    for deleted in (True, False):
        await happens(town, "user_change", user={"id": ada.user, "deleted": deleted})
        found = await account(town, ada.user)
        assert found is not None
        assert found[0].reachable is not deleted
        assert (found[1].unreachable_since is not None) is deleted


async def test_a_revoked_token_stops_that_workspace_alone(town: Town) -> None:
    await happens(town, "tokens_revoked", tokens={"oauth": ["U1"]})
    assert town.slack.workspaces.of(TEAM) is not None  # somebody else's token
    town.fake.faults["auth.test"] = [Refusal("token_revoked")]
    await happens(town, "app_uninstalled")
    assert town.slack.workspaces.of(TEAM) is None
    await Person(town.line, town.fake.user("Ada"), "Ada").says("mentor help")
    await town.pulse()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Refusal("invalid_auth"), "SLACK_BOT_TOKEN is not a token that Slack takes: docs/operating.md"),
        (Refusal("org_login_required"), "SLACK_BOT_TOKEN was refused by Slack (org_login_required)"),
        (Refusal("", status=503), "Slack does not answer at http://127.0.0.1:"),
    ],
    ids=lambda value: str(getattr(value, "error", ""))[:12],
)
async def test_a_start_with_a_wrong_token_says_which_variable(town: Town, fault: Refusal, sentence: str) -> None:
    town.fake.faults["auth.test"] = [fault]
    with pytest.raises(Misconfigured) as refused:
        await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
    assert str(refused.value).startswith(sentence)
    assert str(refused.value).endswith("docs/operating.md, Slack, explains it.")


async def test_a_slack_that_falls_silent_after_the_token_is_out_of_reach_as_well(town: Town) -> None:
    town.fake.faults["users.conversations"] = ["break"] * 9
    with pytest.raises(OutOfReach, match=r"^Slack does not answer at http://127\.0\.0\.1:"):
        await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, False),
        ({"slack_bot_token": "xoxb-1", "slack_signing_secret": "a1"}, True),
        ({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}, True),
        ({"slack_bot_token": "xoxb-1"}, "SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET or SLACK_APP_TOKEN"),
        ({"slack_signing_secret": "a1"}, "SLACK_BOT_TOKEN is missing, or SLACK_CLIENT_ID for many workspaces"),
        (MANY, True),
        (MANY | {"slack_signing_secret": "", "slack_app_token": "xapp-1"}, True),
        (MANY | {"slack_client_id": ""}, "SLACK_CLIENT_SECRET needs SLACK_CLIENT_ID"),
        (MANY | {"slack_client_secret": ""}, "SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET"),
        (MANY | {"mentorbot_secret_key": ""}, "SLACK_CLIENT_ID needs MENTORBOT_SECRET_KEY"),
        (MANY | {"slack_signing_secret": ""}, "SLACK_CLIENT_ID needs SLACK_SIGNING_SECRET or SLACK_APP_TOKEN"),
        (MANY | {"slack_bot_token": "xoxb-1"}, "SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many"),
        ({"mentorbot_secret_key": KEY}, False),
    ],
)
def test_half_of_what_is_needed_is_said(database: str, given: dict[str, str], said: bool | str) -> None:
    settings = Settings(_env_file=None, **given)  # type: ignore[call-arg, arg-type]
    if isinstance(said, bool):
        assert are_set(settings) is said
        return
    with pytest.raises(Misconfigured) as refused:
        are_set(settings)
    assert str(refused.value).startswith(said)
    assert str(refused.value).endswith(": docs/operating.md, Slack, explains it.")


async def test_a_missing_right_is_named_in_the_log(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.fake.scopes = town.fake.scopes - {"channels:read"}
    slack = await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
    await slack.close()
    assert '"needed": "channels:read"' in capsys.readouterr().out


async def test_all_rights_that_are_missing_are_named_at_the_start(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    for lacking in ({"im:history", "files:read"}, set()):
        town.fake.scopes = SCOPES - lacking - {"users:read.email"}
        slack = await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
        await slack.close()
        said = "The app lacks rights: im:history, files:read. Install it again with the manifest of this version"
        assert (said in capsys.readouterr().out) is bool(lacking)


async def test_help_names_the_commands_that_are_installed(town: Town) -> None:
    settings = settings_for(town.fake, slack_commands="mentor")
    slack = await open_slack(settings, town.app, Dispatch(town.app.storage, CATALOG))
    ada = town.person("Ada")
    body = sample("event_message_from_user") | {"team_id": TEAM, "event_id": "Ev1"}
    body["event"] |= {"user": ada.user, "text": "goals set", "channel": f"D{ada.user}", "channel_type": "im"}
    asked = incoming.message(body, TEAM)
    assert asked is not None
    await slack.answering.typed(asked, AsyncAck())
    await slack.answering.typed(replace(asked, text="goal sets", event="Ev2"), AsyncAck())
    await slack.settled()
    await slack.close()
    assert "/mentor goals set" in ada.text
