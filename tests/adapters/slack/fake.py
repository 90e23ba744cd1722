"""A Slack of our own on the loopback interface: the Web API methods that the bot uses, and what Slack refuses of them.

Every body is validated against Slack's contract; a test that makes the bot send anything else fails at its end.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.adapters.slack import rights
from tests.adapters.slack.contract import problems
from tests.adapters.slack.rights import SCOPES
from tests.adapters.slack.ways import note
from tests.reach import Reach

TEAM, BOT, BOT_ID, TOKEN = "T111", "UBOT", "B111", "xoxb-test"
TOKENS = {TOKEN}
TRIGGER_SECONDS = 3.0
URL_USES, URL_LASTS = 5, timedelta(minutes=30)


class Refusal(Exception):  # noqa: N818
    """What Slack answers instead of doing something."""

    def __init__(
        self, error: str, *, status: int = 200, headers: Mapping[str, str] | None = None, needed: str = ""
    ) -> None:
        super().__init__(error)
        self.error, self.status, self.headers, self.needed = error, status, headers or {}, needed


@dataclass
class Post:
    """A message that lies somewhere; `only_for` is the one person who sees a private reply."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any] | None = None
    only_for: str = ""
    thread: str = ""
    edits: int = 0
    file: str = ""


@dataclass
class View:
    """A modal in front of somebody, until it is closed."""

    id: str
    user: str
    body: dict[str, Any]


@dataclass
class FakeSlack:
    """One workspace."""

    now: Callable[[], datetime]
    team: str = TEAM
    token: str = ""
    gone: str = ""
    scopes: frozenset[str] = SCOPES
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    faults: dict[str, list[Refusal | str]] = field(default_factory=dict)
    late: dict[str, asyncio.Event] = field(default_factory=dict)
    """Methods whose answer is held back until that happens: what they do is done at once."""
    triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    urls: dict[str, list[Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    looks: int = 2
    forgotten_shares: int = 0
    busy_hooks: int = 0
    port: int = 0
    reach: Reach = field(default_factory=Reach)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def user(self, name: str, *, zone: str = "America/New_York", **more: Any) -> str:
        """Somebody in the workspace."""
        number = f"U{next(self._numbers):03}"
        profile = {"real_name": name, "email": f"{name.lower()}@library.example"}
        known = {
            "id": number,
            "team_id": self.team,
            "name": name.lower(),
            "real_name": name,
            "tz": zone,
            "deleted": False,
        }
        self.users[number] = {**known, "profile": profile, "is_email_confirmed": True, "is_admin": False, **more}
        for channel in self.channels.values():
            if not channel["is_private"]:
                channel["members"].append(number)
        return number

    def channel(self, name: str, *, private: bool = False, members: tuple[str, ...] = (BOT,)) -> str:
        """A channel, with the bot in it unless told."""
        number = f"C{next(self._numbers):03}"
        known = {"id": number, "name": name, "is_private": private, "is_channel": True}
        self.channels[number] = {**known, "members": list(members)}
        return number

    def trigger(self, user: str) -> str:
        """What opens one modal within three seconds."""
        number = f"111.222.{next(self._numbers)}"
        self.triggers[number] = (user, time.monotonic())
        return number

    def response_url(self, user: str, channel: str, ts: str = "") -> str:
        """An address for five answers within half an hour."""
        number = f"r{next(self._numbers)}"
        self.urls[number] = [user, channel, ts, 0, self.now()]
        return f"http://127.0.0.1:{self.port}/hooks/{number}"

    def direct(self, user: str) -> str:
        """The direct message of a user and the bot."""
        return f"D{user}"

    def put(self, body: Mapping[str, Any], channel: str, **more: Any) -> Post:
        """A message appears."""
        self.note(body)
        ts = f"{int(self.now().timestamp())}.{next(self._numbers):06}"
        post = Post(channel, ts, str(body.get("text", "")), list(body.get("blocks", [])), **more)
        self.posts.append(post)
        return post

    def seen_by(self, user: str) -> list[Post]:
        """Everything that a user can read, oldest first."""
        return [post for post in self.posts if post.only_for in ("", user) and self._is_in(user, post.channel)]

    def check(self, entry: str, body: Any) -> None:
        """Notes what Slack would refuse; the test fails at its end, whatever the bot makes of the refusal."""
        found = problems(entry, body)
        if found:
            self.wrong += [f"{entry} {found[:3]} {str(body)[:600]}"]
            raise Refusal("invalid_blocks")

    def note(self, body: Mapping[str, Any]) -> None:
        """Notes where the buttons and the form of what somebody now sees lead; nowhere is as wrong as a wrong shape."""
        self.wrong += note(self.reach, body)

    def app(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self.call)
        app.router.add_post("/hooks/{number}", self.hook)
        app.router.add_post("/upload/{number}", self._upload)
        return app

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            given |= await request.json()
        else:
            given |= {key: str(value) for key, value in (await request.post()).items()}
        self.calls.append((method, given))
        try:
            fault = self._fault(method)
            self._allow(request, method, given)
            answer = getattr(self, "_" + method.replace(".", "_"))(given)
            if fault == "break":  # it was done, and nobody hears of it
                assert request.transport is not None
                request.transport.abort()
            if method in self.late:
                await self.late[method].wait()
        except Refusal as refused:
            lacking = refused.needed or next(rights.needed(method, given, self.channels), "")
            body = {"ok": False, "error": refused.error, "needed": lacking}
            return web.json_response(body, status=refused.status, headers=refused.headers)
        await asyncio.sleep(0)
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _fault(self, method: str) -> str:
        waiting = self.faults.get(method)
        fault = waiting.pop(0) if waiting else ""
        if isinstance(fault, Refusal):
            raise fault
        return fault

    def _allow(self, request: web.Request, method: str, given: Mapping[str, Any]) -> None:
        taken = {self.token} if self.token else TOKENS
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in taken:
            raise Refusal("invalid_auth")
        if self.gone:
            raise Refusal(self.gone)
        for scope in rights.needed(method, given, self.channels):
            if scope not in self.scopes:
                raise Refusal("missing_scope", needed=scope)

    async def hook(self, request: web.Request) -> web.Response:
        user, channel, ts, uses, since = found = self.urls[request.match_info["number"]]
        self.calls.append(("response_url", {}))
        if self.busy_hooks:
            self.busy_hooks -= 1
            return web.Response(status=429, text="rate_limited", headers={"Retry-After": "0"})
        body = await request.json()
        try:
            self.check("response_url_message", body)
        except Refusal:
            return web.Response(status=400, text="invalid_blocks")
        if uses >= URL_USES:
            return web.Response(status=404, text="used_url")
        if self.now() - since > URL_LASTS:
            return web.Response(status=404, text="expired_url")
        found[3] += 1
        if body.get("replace_original"):
            post = next((post for post in self.posts if post.ts == ts), None)
            if post is None:
                return web.Response(status=404, text="no_message")
            self._rewrite(post, body)
        else:
            only_for = "" if body.get("response_type") == "in_channel" else user
            self.put(body, channel, only_for=only_for, thread=str(body.get("thread_ts") or ""))
        return web.json_response({"ok": True})

    def _rewrite(self, post: Post, body: Mapping[str, Any]) -> None:
        self.note(body)
        post.text, post.blocks, post.edits = str(body.get("text", "")), list(body.get("blocks", [])), post.edits + 1

    def _is_in(self, user: str, channel: str) -> bool:
        return channel == self.direct(user) or user in self.channels.get(channel, {}).get("members", [])

    def _auth_test(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "team_id": self.team,
            "team": "Library Mentoring",
            "user_id": BOT,
            "bot_id": BOT_ID,
            "user": "mentorbot",
        }

    def _users_info(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if given["user"] not in self.users:
            raise Refusal("user_not_found")
        user = dict(self.users[given["user"]])
        if "users:read.email" not in self.scopes:
            user["profile"] = {name: value for name, value in user["profile"].items() if name != "email"}
        return {"user": user}

    def _users_conversations(self, given: Mapping[str, Any]) -> dict[str, Any]:
        wanted = ("private_channel" in given["types"], "public_channel" not in given["types"])
        mine = [one for one in self.channels.values() if BOT in one["members"] and not one.get("is_mpim")]
        mine = [one for one in mine if one["is_private"] in wanted]
        at, size = int(given.get("cursor") or 0), min(int(given.get("limit", 100)), 2)
        cursor = str(at + size) if at + size < len(mine) else ""
        return {"channels": mine[at : at + size], "response_metadata": {"next_cursor": cursor}}

    def _conversations_info(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found = self.channels.get(given["channel"])
        if found is None or (found["is_private"] and BOT not in found["members"]):
            raise Refusal("channel_not_found")
        return {"channel": {**found, "is_member": BOT in found["members"]}}

    def _conversations_open(self, given: Mapping[str, Any]) -> dict[str, Any]:
        users = sorted(given["users"].split(","))
        if any(user not in self.users for user in users):
            raise Refusal("user_not_found")
        if len(users) == 1:
            return {"channel": {"id": self.direct(users[0])}}
        members = [*users, BOT]
        for number, known in self.channels.items():
            if known.get("is_mpim") and known["members"] == members:
                return {"channel": {"id": number}}
        number = f"G{next(self._numbers):03}"
        self.channels[number] = {"id": number, "is_private": True, "is_mpim": True, "members": members}
        return {"channel": {"id": number}}

    def _conversations_history(self, given: Mapping[str, Any]) -> dict[str, Any]:
        channel = str(given["channel"])
        self._need_member(channel)
        oldest, limit = float(given.get("oldest", 0)), min(int(given.get("limit", 15)), 15)
        there = [post for post in self.posts if post.channel == channel and float(post.ts) > oldest]
        with_metadata = str(given.get("include_all_metadata", "")).lower() in ("1", "true")
        newest = [
            {"ts": post.ts, "text": post.text, "bot_id": BOT_ID}
            | ({"metadata": post.metadata} if post.metadata and with_metadata else {})
            for post in reversed(there)
            if not post.only_for
        ]
        return {"messages": newest[:limit], "has_more": len(newest) > limit}

    def _chat_postMessage(self, given: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.check("post_message_with_fallback", given)
        self._need_ready(given)
        if given.get("unfurl_links") is not False or given.get("unfurl_media") is not False:
            self.wrong += ["a post whose links Slack would open and show"]
        channel = str(given["channel"])
        if channel in self.users:  # to one who was deactivated just the same: Slack says nothing
            channel = self.direct(channel)
        self._need_member(channel)
        post = self.put(given, channel, metadata=given.get("metadata"), thread=str(given.get("thread_ts") or ""))
        return {"channel": post.channel, "ts": post.ts}

    async def _upload(self, request: web.Request) -> web.Response:
        self.files[request.match_info["number"]]["bytes"] = await request.read()
        return web.Response(text="OK")

    def _files_getUploadURLExternal(self, given: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        number = f"F{next(self._numbers)}"
        self.files[number] = {"length": int(given["length"]), "looks": 0}
        return {"file_id": number, "upload_url": f"http://127.0.0.1:{self.port}/upload/{number}"}

    def _files_completeUploadExternal(self, given: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        found, channel = json.loads(given["files"]), str(given.get("channel_id", ""))
        if channel and not channel.startswith(("C", "D", "G")):
            raise Refusal("channel_not_found")
        for file in found:
            known = self.files[file["id"]]
            assert len(known["bytes"]) == known["length"]
            known |= {"is_complete": True, "title": file.get("title", "")}
            if not channel:
                continue
            if self.forgotten_shares:  # it says so, and does nothing
                self.forgotten_shares -= 1
                continue
            known |= {"channel": channel, "looks": 0}
            self.put({"text": known["title"]}, channel, file=file["id"])
        return {"files": found}

    def _files_info(self, given: Mapping[str, Any]) -> dict[str, Any]:
        file = self.files[given["file"]]
        if not file.get("is_complete"):
            raise Refusal("file_not_found")
        file["looks"] += 1
        is_ready = file["looks"] >= self.looks
        ready = {"mimetype": "image/png", "thumb_64": "x"} if is_ready else {"mimetype": ""}
        at = [{"ts": post.ts} for post in self.posts if post.file == given["file"]]
        return {
            "file": {
                "id": given["file"],
                **ready,
                "shares": {"private": {file["channel"]: at}} if at and is_ready else {},
            }
        }

    def _need_member(self, channel: str) -> None:
        """The bot is in its direct messages and in what it was invited to; of private channels it knows no others."""
        if self._is_in(BOT, channel) or channel.removeprefix("D") in self.users:
            return
        is_seen = channel in self.channels and not self.channels[channel]["is_private"]
        raise Refusal("not_in_channel" if is_seen else "channel_not_found")

    def _need_ready(self, given: Mapping[str, Any]) -> None:
        for block in given.get("blocks", ()):
            if "slack_file" in block and self.files[block["slack_file"]["id"]]["looks"] < self.looks:
                raise Refusal("invalid_blocks")

    def _chat_update(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self.check("post_message_with_fallback", {key: value for key, value in given.items() if key != "ts"})
        self._need_ready(given)
        for post in self.posts:
            if (post.channel, post.ts, post.only_for) == (given["channel"], given["ts"], ""):
                self._rewrite(post, given)
                return {"channel": post.channel, "ts": post.ts}
        raise Refusal("message_not_found")

    def _views_open(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self.check("modal", given["view"])
        user, since = self.triggers.pop(given["trigger_id"], ("", 0.0))
        if not user:
            raise Refusal("exchanged_trigger_id")
        if time.monotonic() - since > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        return self.show(user, given["view"])

    def _views_update(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self.check("modal", given["view"])
        view = self.views.get(given["view_id"])
        if view is None:
            raise Refusal("not_found")
        self.note(given["view"])
        view.body = given["view"]
        return {"view": {"id": view.id}}

    def _views_publish(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self.check("home", given["view"])
        self.note(given["view"])
        self.homes[given["user_id"]] = given["view"]
        return {"view": {"id": f"VH{given['user_id']}"}}

    def show(self, user: str, view: dict[str, Any]) -> dict[str, Any]:
        """A modal opens in front of somebody."""
        self.note(view)
        number = f"V{next(self._numbers)}"
        self.views[number] = View(number, user, view)
        return {"view": {"id": number}}
