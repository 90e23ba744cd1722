"""What Slack brings, read: who asked for what, from where, and which ways an answer may go.

`team` is our workspace, whose request it is. What a payload itself calls its team is another one where somebody of
another organization acts in a channel that both share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.slack import forms, links
from adapters.slack.errands import Errand, Way
from adapters.slack.inputs import Choices
from bot.ui import Answer

Body = Mapping[str, Any]


_WORDS = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages that somebody has just written: words, with a file, by `/me`, or from a thread to all."""

_SLACKBOT = "USLACKBOT"
"""Slack itself, which answers for people and reminds them: it is no user, and asks for nothing."""


class Unreadable(Exception):  # noqa: N818 - a fact about a payload, not an error of ours
    """A payload that is none of ours: a button or a view that this bot never made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that somebody typed, pressed or sent.

    `event` is what Slack calls it, the same however often it is brought. `trigger` opens one modal within three
    seconds. `view` is the modal or Home tab that it came from, `shown` the questions there. `typed` words still have
    Slack's entities and mentions in them.
    """

    team: str
    user: str
    text: str
    way: Way
    args: Mapping[str, Answer] = field(default_factory=dict)
    community: int | None = None
    submitted: bool = False
    typed: bool = False
    event: str = ""
    trigger: str = ""
    view: str = ""
    home: bool = False
    shown: frozenset[str] = frozenset()
    known: Choices = field(default_factory=dict)


def command(body: Body, team: str) -> Asked:
    """A slash command. `/mentor` alone asks what can be done here."""
    typed = f"{body['command']} {body.get('text', '')}".strip()
    return Asked(
        team=team,
        user=str(body["user_id"]),
        text="/mentor help" if typed == "/mentor" else typed,
        way=Way(url=str(body["response_url"]), conversation=str(body["channel_id"])),
        typed=True,
        event=str(body["trigger_id"]),
        trigger=str(body["trigger_id"]),
    )


def message(body: Body, team: str) -> Asked | None:
    """Words in the direct message with the bot; nothing for anything else that happens to messages."""
    event = body["event"]
    is_theirs = event.get("channel_type") == "im" and "bot_id" not in event and "user" in event
    if not is_theirs or event["user"] == _SLACKBOT or event.get("subtype") not in _WORDS:
        return None
    way = Way(conversation=str(event["channel"]), thread=str(event.get("thread_ts", "")), direct=True)
    return Asked(
        team=team,
        user=str(event["user"]),
        text=str(event.get("text", "")),
        way=way,
        typed=True,
        event=str(body["event_id"]),
    )


def pressed(body: Body, team: str) -> Asked | None:
    """A pressed button; nothing for one that opens a page. Raises Unreadable."""
    action = body["actions"][0]
    if "value" not in action:
        return None
    link = _read(links.read, action["value"])
    view = body.get("view") or {}
    return Asked(
        team=team,
        user=str(body["user"]["id"]),
        text=link.run,
        args=link.args,
        way=_way(body),
        community=link.community,
        event=str(body["trigger_id"]),
        trigger=str(body["trigger_id"]),
        view=str(view.get("id", "")),
        home=view.get("type") == "home",
    )


def sent(body: Body, team: str) -> Asked:
    """A modal that was sent, left, or searched in. Raises Unreadable."""
    view = body["view"]
    errand = _read(Errand.read, view.get("private_metadata", ""))
    state = view["state"]["values"]
    return Asked(
        team=team,
        user=str(body["user"]["id"]),
        text=errand.run,
        args=forms.answers(state),
        way=errand.way,
        community=errand.community,
        event=str(body.get("trigger_id", "")),
        trigger=str(body.get("trigger_id", "")),
        view=str(view["id"]),
        shown=frozenset(str(block.get("block_id", "")) for block in view["blocks"] if block["type"] == "input"),
        known=forms.chosen(state),
    )


def submitted(body: Body, team: str) -> Asked:
    """A modal that was sent, as the answers to its command. Raises Unreadable."""
    return replace(sent(body, team), submitted=True)


def _way(body: Body) -> Way:
    container = body.get("container") or {}
    if container.get("type") != "message":
        return Way()
    conversation, is_private = str(container["channel_id"]), bool(container.get("is_ephemeral"))
    return Way(
        url=str(body.get("response_url", "")),
        conversation=conversation,
        posted="" if is_private else str(container["message_ts"]),
        thread=str(container.get("thread_ts", "")),
        # what only its reader sees may stand in anybody's direct message; a post in one is in the bot's own
        direct=conversation.startswith("D") and not is_private,
    )


def _read(read: Any, text: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise Unreadable from error
