"""Whatever any test makes the bot say or ask is one that Slack and Discord take, once for each kind of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from adapters.discord import render as discord
from adapters.discord.speaker import DiscordSpeaker
from adapters.slack.errands import Errand
from adapters.slack.forms import Modal
from adapters.slack.render import Rendering
from adapters.slack.speaker import SlackSpeaker
from bot.ui import Form, Message, Words
from tests.adapters.discord import contract as discord_contract
from tests.adapters.slack.contract import check

_seen: set[int] = set()


def check_everywhere(shown: Message | Form) -> None:
    """Raises AssertionError for what a platform would refuse."""
    kind = hash(tuple(_kinds(shown)))
    if kind in _seen:
        return
    _seen.add(kind)
    if isinstance(shown, Form):
        check("modal", Modal(SlackSpeaker(), Errand(shown.run), {}).view(shown, whole=True).to_dict())
    else:
        _check_message(shown)


def _check_message(said: Message) -> None:
    for blocks in Rendering(SlackSpeaker(), 1).posts(said):
        check("post_message_with_fallback", {"channel": "C001", "text": "x", "blocks": blocks})
    check("home", {"type": "home", "blocks": Rendering(SlackSpeaker(), tables=False).posts(said)[0]})
    for page in discord.pages(said, DiscordSpeaker(), community=7, noticed=True):
        carried = {link: link.short() or f"k:{n:022}" for n, link in enumerate(dict.fromkeys(page.links()))}
        body = {"content": page.content, "components": page.components(carried), "allowed_mentions": {"parse": []}}
        discord_contract.check_schema("MessageCreateRequest", body)


def _kinds(value: Any) -> Iterator[str]:
    """Its parts and sentences, without what stands in their places."""
    yield type(value).__name__
    if isinstance(value, Words):
        yield value.msgid
    elif is_dataclass(value):
        for one in fields(value):
            yield from _kinds(getattr(value, one.name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _kinds(one)
