"""People in the fake workspace: what they type, press and send reaches the bot as signed requests over a real socket.

Every payload is one of Slack's samples with other values, and is validated before it goes out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from adapters.slack.serve import Slack
from tests.adapters.slack.contract import check, check_inbound, sample
from tests.adapters.slack.fake import FakeSlack, Post, View
from tests.adapters.slack.rights import EVENTS

SECRET = "abcdef0123456789"


@dataclass
class Line:
    """The way from Slack to the bot."""

    fake: FakeSlack
    slack: Slack
    http: aiohttp.ClientSession
    took: list[float] = field(default_factory=list)
    settle: bool = True

    async def command(self, body: dict[str, Any]) -> Any:
        check_inbound("slash_command", body)
        if "commands" not in self.fake.scopes:
            return None
        return await self.post(urlencode(body), "application/x-www-form-urlencoded")

    async def interaction(self, kind: str, body: dict[str, Any]) -> Any:
        check_inbound(kind, body)
        return await self.post(urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded")

    async def event(self, body: dict[str, Any], *, retry: int = 0) -> Any:
        """Something happens; Slack says it to apps that may know of it."""
        check_inbound("event_callback", body)
        if not {EVENTS.get(body["event"]["type"], "commands")} <= self.fake.scopes:
            return None
        headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
        return await self.post(json.dumps(body), "application/json", **headers)

    async def post(self, text: str, content_type: str, **headers: str) -> Any:
        """Send a signed request; what the bot acknowledged it with."""
        stamp, began = str(int(time.time())), time.monotonic()
        signature = hmac.new(SECRET.encode(), f"v0:{stamp}:{text}".encode(), hashlib.sha256).hexdigest()
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}", **headers}
        async with self.http.post(
            "/slack/events", data=text.encode(), headers={**signed, "Content-Type": content_type}
        ) as answered:
            said = await answered.text()
            self.took.append(time.monotonic() - began)
            assert answered.status == 200, f"{answered.status}: {said}"
            found = json.loads(said) if said.startswith("{") else said
        if self.settle:
            await self.slack.settled()
        return found


@dataclass
class Person:
    """Somebody who uses Slack; `guest_of` is their own workspace where they are in a channel that it shares."""

    line: Line
    user: str
    name: str
    guest_of: str = ""

    async def types(self, text: str, *, channel: str = "") -> None:
        """A slash command: in a channel, or in the direct message with the bot."""
        fake = self.line.fake
        command, _, rest = text.partition(" ")
        channel = channel or fake.direct(self.user)
        body = sample("slash_command") | {
            "team_id": fake.team,
            "user_id": self.user,
            "user_name": self.name.lower(),
            "channel_id": channel,
            "command": command,
            "text": rest,
            "trigger_id": fake.trigger(self.user),
            "response_url": fake.response_url(self.user, channel),
        }
        await self.commands(body)

    async def commands(self, body: dict[str, Any]) -> None:
        answered = await self.line.command(body)
        if answered:
            check("response_url_message", answered)
            only_for = "" if answered.get("response_type") == "in_channel" else self.user
            self.line.fake.put(answered, body["channel_id"], only_for=only_for)

    async def says(self, text: str, *, event: str = "", retry: int = 0) -> None:
        """Words in the direct message with the bot."""
        body = sample("event_message_from_user")
        fake = self.line.fake
        body["team_id"], body["event_id"] = fake.team, event or f"Ev{fake.trigger(self.user)}"
        body["authorizations"][0]["team_id"] = fake.team
        ts = f"{int(time.time())}.000100"
        body["event"] |= {"user": self.user, "text": text, "channel": fake.direct(self.user), "channel_type": "im"}
        body["event"] |= {"ts": ts, "event_ts": ts, "team": fake.team}
        body["event"].pop("blocks")
        await self.line.event(body, retry=retry)

    async def presses(self, label: str) -> None:
        """A button of the newest post that has it; in a modal, one of its own."""
        view = self.modal
        if view is not None and (button := _button(view.body, label)):
            await self._act(button, view=view)
            return
        for post in reversed(self.posts):
            if button := _button({"blocks": post.blocks}, label):
                await self.press(button, post)
                return
        home = self.line.fake.homes.get(self.user, {"blocks": []})
        if button := _button(home, label):
            await self._act(button, home=home)
            return
        raise AssertionError(f"{self.name} sees no button {label!r}; they read {self.text!r}")

    async def press(self, button: dict[str, Any], post: Post, *, thread: str = "") -> None:
        """One button of one post, which may lie in a thread."""
        await self._act(button, post=post, thread=thread)

    async def sends(self, **values: Any) -> None:
        """The open modal, with these answers beside what stands in it."""
        view = self.modal
        assert view is not None, f"{self.name} has no open modal; they read {self.text!r}"
        body = sample("view_submission")
        body |= {"trigger_id": self.line.fake.trigger(self.user)}
        state = {block["block_id"]: await self._fill(view, block, values) for block in _inputs(view)}
        answered = await self.line.interaction("view_submission", self._with_view(body, view, state))
        self._acknowledged(view, answered)

    async def closes(self, **values: Any) -> None:
        """The open modal is left."""
        view = self.modal
        assert view is not None
        state = {block["block_id"]: await self._fill(view, block, values, hurry=True) for block in _inputs(view)}
        del self.line.fake.views[view.id]
        await self.line.interaction("view_closed", self._with_view(sample("view_closed"), view, state))

    async def searches(self, block: dict[str, Any], typed: str) -> list[dict[str, Any]]:
        """What a field offers for what was typed."""
        view = self.modal
        assert view is not None
        body = sample("block_suggestion")
        body |= {"block_id": block["block_id"], "action_id": block["element"]["action_id"], "value": typed}
        body["container"] = {"type": "view", "view_id": view.id}
        answered = await self.line.interaction("block_suggestion", self._with_view(body, view, {}))
        check("block_suggestion_ack", answered)
        return answered["options"]  # type: ignore[no-any-return]

    async def opens_home(self) -> None:
        body = sample("event_app_home_opened")
        body["team_id"], body["event_id"] = self.line.fake.team, f"Ev{self.line.fake.trigger(self.user)}"
        body["authorizations"][0]["team_id"] = self.line.fake.team
        body["event"] |= {"user": self.user, "channel": self.line.fake.direct(self.user), "tab": "home"}
        await self.line.event(body)

    @property
    def modal(self) -> View | None:
        found = [view for view in self.line.fake.views.values() if view.user == self.user]
        return found[-1] if found else None

    @property
    def posts(self) -> list[Post]:
        return self.line.fake.seen_by(self.user)

    @property
    def text(self) -> str:
        """What the newest post says."""
        return words(self.posts[-1].blocks) if self.posts else ""

    def found(self, said: str) -> Post:
        """The newest post with these words."""
        for post in reversed(self.posts):
            if said in words(post.blocks):
                return post
        raise AssertionError(f"{self.name} reads nothing with {said!r}: {[words(p.blocks) for p in self.posts][-5:]}")

    async def _act(self, button: dict[str, Any], *, post: Post | None = None, view: View | None = None,
                   home: dict[str, Any] | None = None, thread: str = "") -> None:  # fmt: skip
        fake, body = self.line.fake, sample("block_actions")
        fake.reach.use(button["action_id"])
        body["user"] |= {"id": self.user, "team_id": fake.team}
        body["team"]["id"], body["trigger_id"] = fake.team, fake.trigger(self.user)
        action = {"type": "button", "action_id": button["action_id"], "block_id": "b", "text": button["text"]}
        body["actions"] = [{**action, "action_ts": "1596530385.194939"}]
        if "value" in button:
            body["actions"][0]["value"] = button["value"]
        if post is not None:
            body["container"] = {"type": "message", "message_ts": post.ts, "channel_id": post.channel,
                                 "is_ephemeral": bool(post.only_for)}  # fmt: skip
            body["container"] |= {"thread_ts": thread} if thread else {}
            body["channel"] = {"id": post.channel, "name": "directmessage"}
            body["response_url"] = fake.response_url(self.user, post.channel, post.ts)
        else:
            del body["channel"]
            body["response_url"] = ""  # nothing, or not there at all
            shown = view or View(f"VH{self.user}", self.user, home or {})
            body["container"] = {"type": "view", "view_id": shown.id}
            body = self._with_view(body, shown, {one["block_id"]: self._initial(one) for one in _inputs(shown)})
        await self.line.interaction("block_actions", body)

    def _with_view(self, body: dict[str, Any], view: View, state: dict[str, Any]) -> dict[str, Any]:
        theirs = self.guest_of or self.line.fake.team
        body["team"]["id"] = theirs
        body["user"] |= {"id": self.user, "team_id": theirs}
        base = sample("view_submission")["view"]
        known = {name: value for name, value in view.body.items() if name != "type"}
        body["view"] = {**base, "private_metadata": "", **known, "type": view.body["type"], "id": view.id}
        body["view"] |= {"root_view_id": view.id, "state": {"values": state}}
        body["view"] |= {"team_id": theirs, "app_installed_team_id": self.line.fake.team}
        return body

    async def _fill(self, view: View, block: dict[str, Any], values: dict[str, Any], *, hurry: bool = False) -> Any:
        name, _, place = block["block_id"].partition(":")
        element, given = block["element"], values.get(name)
        if given is None:
            state = self._initial(block)
            given = _answer(state[element["action_id"]])
            assert given or block["optional"] or hurry, f"Slack wants an answer to {name!r} before it sends"
            return state
        if place:
            given = given[int(place) - 1] if int(place) <= len(given) else None
        return {element["action_id"]: await self._state(block, given)}

    async def _state(self, block: dict[str, Any], given: Any) -> dict[str, Any]:
        element = block["element"]
        kind, state = element["type"], {"type": element["type"]}
        if kind == "datepicker":
            return state | {"selected_date": given}
        if kind == "timepicker":
            return state | {"selected_time": given}
        if kind in ("plain_text_input", "number_input"):
            assert given is None or len(given) <= element.get("max_length", 3000)
            return state | {"value": given}
        wanted = [given] if isinstance(given, str) else given or []
        options = [await self._option(block, one) for one in wanted]
        if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
            return state | {"selected_options": options}
        return state | {"selected_option": options[0] if options else None}

    async def _option(self, block: dict[str, Any], wanted: str) -> dict[str, Any]:
        element = block["element"]
        options = element.get("options") or await self.searches(block, wanted)
        exact = [option for option in options if wanted in (option["value"], option["text"]["text"])]
        for option in exact or options:
            if exact or wanted in option["text"]["text"]:
                return option  # type: ignore[no-any-return]
        raise AssertionError(f"{block['block_id']} offers no {wanted!r} but {options[:10]}")

    def _initial(self, block: dict[str, Any]) -> dict[str, Any]:
        element = block["element"]
        state = {"type": element["type"]}
        for ours, theirs in (("initial_value", "value"), ("initial_date", "selected_date"),
                             ("initial_time", "selected_time"), ("initial_option", "selected_option"),
                             ("initial_options", "selected_options")):  # fmt: skip
            if ours in element:
                state[theirs] = element[ours]
        if element["type"] in ("checkboxes", "multi_static_select", "multi_external_select"):
            state.setdefault("selected_options", [])
        return {element["action_id"]: state}

    def _acknowledged(self, view: View, answered: Any) -> None:
        views = self.line.fake.views
        if not answered:
            views.pop(view.id, None)
            return
        check("view_submission_ack", answered)
        match answered["response_action"]:
            case "clear":
                views.pop(view.id, None)
            case "errors":
                shown = {block["block_id"] for block in _inputs(view)}
                assert set(answered["errors"]) <= shown, "Slack shows errors beside inputs alone"
                view.body = {**view.body, "errors": answered["errors"]}
            case "update":
                self.line.fake.note(answered["view"])
                if view.body.get("updated_late") is None:
                    view.body = answered["view"]


def words(value: Any) -> str:
    """Everything that people read in blocks or a view, a line for each block."""
    if isinstance(value, dict) and "blocks" in value:
        value = value["blocks"]
    return "\n".join("".join(_texts(block)) for block in value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        match value:
            case {"type": "user", "user_id": user}:
                yield f"<@{user}>"
            case {"type": "date", "fallback": fallback}:
                yield fallback
            case {"text": str(text)}:
                yield text
            case _:
                for inner in value.values():
                    yield from _texts(inner)


def _button(view: dict[str, Any], label: str) -> dict[str, Any] | None:
    for block in view["blocks"]:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if element["text"]["text"] == label:
                return element  # type: ignore[no-any-return]
    return None


def _inputs(view: View) -> list[dict[str, Any]]:
    return [block for block in view.body["blocks"] if block["type"] == "input"]


def _answer(state: dict[str, Any]) -> Any:
    return next((value for name, value in state.items() if name != "type" and value), None)
