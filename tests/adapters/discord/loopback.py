"""A tiny Discord on this machine: its REST API and its gateway, over real connections."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

ME = {"id": "1", "username": "mentorbot", "discriminator": "0", "avatar": None, "bot": True, "global_name": None}
APPLICATION = {
    "id": "1", "name": "mentorbot", "icon": None, "description": "", "bot_public": True, "verify_key": "00",
    "bot_require_code_grant": False, "flags": 0, "summary": "", "owner": ME, "hook": False,
}  # fmt: skip
HELLO, DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID, ACKNOWLEDGED = 10, 0, 1, 2, 6, 9, 11


def answer(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON as Discord says it: the library reads no other content type, not even one with a charset."""
    return web.Response(body=json.dumps(data).encode(), content_type="application/json", status=status, headers=headers)


L = TypeVar("L", bound="Loopback")


@dataclass
class Line:
    """One connection to the gateway."""

    socket: web.WebSocketResponse
    shard: int = 0
    count: int = 0
    deflate: Any = field(default_factory=zlib.compressobj)

    async def send(self, op: int, data: Any, event: str | None = None) -> None:
        self.count += event is not None
        body = json.dumps({"op": op, "d": data, "s": self.count if event else None, "t": event}).encode()
        await self.socket.send_bytes(self.deflate.compress(body) + self.deflate.flush(zlib.Z_SYNC_FLUSH))


@dataclass
class Loopback:
    """What came in, and what is answered."""

    port: int = 0
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    greetings: list[tuple[str, int]] = field(default_factory=list)
    """The path of each gateway connection, and whether it identified itself or resumed."""
    answers: list[web.Response] = field(default_factory=list)
    """Given instead of the next messages' answers."""
    lost: int = 0
    """How many of the next messages arrive without the bot hearing of it."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    """What was posted, each once by its nonce."""
    gateway_is_down: bool = False
    is_silent: bool = False
    shards: int = 1
    identified: list[tuple[int, int]] = field(default_factory=list)
    """Which shard of how many each new session said it is."""
    lines: dict[int, Line] = field(default_factory=dict)
    """The connection of each shard."""
    socket: web.WebSocketResponse | None = None
    greeted: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when an interaction was answered."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    def count(self, method: str, ending: str) -> int:
        return sum(one[0] == method and one[1].endswith(ending) for one in self.requests)

    async def greeting(self, number: int) -> tuple[str, int]:
        """The greeting with this number, once it has come."""
        async with asyncio.timeout(20):
            while len(self.greetings) < number:
                self.greeted.clear()
                await self.greeted.wait()
        return self.greetings[number - 1]

    async def send(self, op: int, data: Any, event: str | None = None, *, shard: int = 0) -> None:
        await self.lines[shard].send(op, data, event)

    async def rest(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api/v10")
        body, files = await _read(request)
        self.requests.append((request.method, path, body))
        if self.is_silent:
            await asyncio.sleep(5)
        if path.endswith("/messages") and request.method == "POST" and self.answers:
            return self.answers.pop(0)
        if path.endswith("/messages") and request.method == "POST":
            return self._posted(body, files)
        if path.endswith("/messages/@original") and request.method == "PATCH":
            return answer(_message(body, [], number=776))
        if path == "/gateway/bot" and self.gateway_is_down:
            return answer({"message": "503: Service Unavailable", "code": 0}, status=503)
        if path.startswith("/interactions/"):
            self.answered.set()
            return answer({"interaction": {"id": "900", "type": 2, "response_message_ephemeral": False}})
        if path.endswith("/commands"):
            return answer([])
        return answer(
            {
                "/users/@me": ME,
                "/oauth2/applications/@me": APPLICATION,
                "/users/@me/channels": {"id": "50", "type": 1, "recipients": [ME | {"id": "60", "bot": False}]},
                "/gateway/bot": {
                    "url": f"ws://127.0.0.1:{self.port}/gateway",
                    "shards": self.shards,
                    "session_start_limit": {"total": 9, "remaining": 9, "reset_after": 0, "max_concurrency": 1},
                },
            }[path]
        )

    def _posted(self, body: dict[str, Any], files: dict[str, bytes]) -> web.Response:
        known = [one for one in self.messages if body.get("enforce_nonce") and one["nonce"] == body["nonce"]]
        if not known:
            known = [_message(body, _attachments(body, files), number=777 + len(self.messages))]
            self.messages += known
        if self.lost:
            self.lost -= 1
            return web.Response(status=500)
        return answer(known[0])

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.socket, line = socket, Line(socket)
        await line.send(HELLO, {"heartbeat_interval": 40000})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                await self._hear(line, request.path, said["op"], said["d"])
        return socket

    async def _hear(self, line: Line, path: str, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            await line.send(ACKNOWLEDGED, None)
        if op == IDENTIFY:
            shard, shards = data.get("shard", (0, 1))
            self.identified.append((shard, shards))
            self.lines[shard] = line
            line.shard = shard
            address = f"ws://127.0.0.1:{self.port}/resume"
            ready = {
                "v": 10,
                "user": ME,
                "guilds": [],
                "session_id": "s",
                "resume_gateway_url": address,
                "shard": [shard, shards],
            }
            await line.send(DISPATCH, ready | {"application": {"id": "1", "flags": 0}}, "READY")
        if op == RESUME:
            self.lines[0] = line
            await line.send(DISPATCH, {}, "RESUMED")
        if op in (IDENTIFY, RESUME):
            self.greetings.append((path, op))
            self.greeted.set()


async def _read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """What a request says, and its files by the fields that they come in."""
    if request.content_type != "multipart/form-data":
        return (await request.json() if request.can_read_body else None), {}
    form = await request.post()
    files = {name: part.file.read() for name, part in form.items() if isinstance(part, web.FileField)}
    return json.loads(str(form["payload_json"])), files


def _attachments(body: dict[str, Any], files: dict[str, bytes]) -> list[dict[str, Any]]:
    """Each file as it was announced; KeyError where one is missing."""
    return [
        {"id": str(880 + one["id"]), "filename": one["filename"], "url": "https://x.example", "proxy_url": "",
         "description": one.get("description"), "size": len(files[f"files[{one['id']}]"])}
        for one in body.get("attachments") or ()
    ]  # fmt: skip


def _message(body: dict[str, Any] | None, attachments: list[dict[str, Any]], *, number: int) -> dict[str, Any]:
    said = body or {}
    return {
        "id": str(number), "channel_id": "50", "content": said.get("content", ""), "nonce": said.get("nonce"),
        "author": ME, "mentions": [], "mention_roles": [], "attachments": attachments, "embeds": [],
        "timestamp": "2027-01-01T00:00:00+00:00", "edited_timestamp": None,
        "type": 0, "pinned": False, "tts": False, "mention_everyone": False, "components": [],
    }  # fmt: skip


@asynccontextmanager
async def loopback(discord: L) -> AsyncIterator[L]:
    """A tiny Discord, as long as it is needed."""
    app = web.Application()
    app.router.add_get("/gateway", discord.gateway)
    app.router.add_get("/resume", discord.gateway)
    app.router.add_route("*", "/api/v10/{tail:.*}", discord.rest)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    discord.port = runner.addresses[0][1]
    try:
        yield discord
    finally:
        await runner.cleanup()
