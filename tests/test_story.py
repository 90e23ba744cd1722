"""The demo transcript, played over HTTP against a running sandbox, step by step as it is told."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.sandbox.serve import serve
from adapters.sandbox.story import STORY, Channel, Presses, Sees, Sends, Step, Types, Waits
from bot.settings import Settings
from docs import story
from migrations.schema import upgrade


class Player:
    """Plays steps against a sandbox, one person at a time."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http = http
        self.people: dict[str, int] = {}
        self.last: dict[str, dict[str, Any]] = {}
        self.seen: dict[str, int] = {}

    async def meet(self) -> None:
        found = await self._get("/api/people")
        self.people = {person["name"]: person["id"] for person in found["people"]}

    async def play(self, step: Step) -> None:
        match step:
            case Types(who, text):
                await self._answer(who, "type", {"text": text})
            case Sends(who, answers):
                form = self.last[who]["form"]
                await self._answer(who, "submit", {"run": form["run"], "values": {**form["values"], **answers}})
            case Presses(who, label):
                button, message = await self._button(who, label)
                pressed = {"run": button["run"], "args": button["args"], "message": message}
                await self._answer(who, "press", pressed)
            case Waits(who, words, days):
                await self._wait(who, words, days=days)
            case Sees(who, words):
                assert words in self._words(who), f"{who} sees {self._words(who)!r}"
            case Channel(name, words):
                found = await self._get(f"/api/channels/{name}/messages")
                assert any(words in message["text"] for message in found["messages"]), found

    async def _wait(self, who: str, words: str, *, days: int) -> None:
        path, after = f"/api/people/{self.people[who]}/inbox", self.seen.get(who, 0)
        for _day in range(days + 1):
            found = (await self._get(f"{path}?after={after}"))["messages"]
            fresh = [message for message in found if words in message["text"] or words in _labels(message)]
            if fresh:
                self.seen[who] = fresh[0]["id"]
                self.last[who] = {"message": fresh[0]}
                return
            await self._post("/api/clock", {"forward": {"days": 1}})
        raise AssertionError(f"{who} did not see {words!r}; the last messages were {[m['text'] for m in found[-3:]]}")

    async def _button(self, who: str, label: str) -> tuple[dict[str, Any], int | None]:
        inbox = (await self._get(f"/api/people/{self.people[who]}/inbox"))["messages"]
        for message in [self.last[who].get("message", {}), *reversed(inbox)]:
            for button in message.get("buttons", ()):
                if button["label"] == label:
                    return button, message["id"]
        raise AssertionError(f"{who} has no button {label!r}; the last answer was {self.last[who]}")

    async def _answer(self, who: str, verb: str, body: dict[str, Any]) -> None:
        self.last[who] = await self._post(f"/api/people/{self.people[who]}/{verb}", body)
        form = self.last[who].get("form")
        assert form is None or not form["errors"], form["errors"]

    def _words(self, who: str) -> str:
        answer = self.last[who]
        return str(answer["message"]["text"] if "message" in answer else answer["form"]["title"])

    async def _get(self, path: str) -> Any:
        async with self.http.get(path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        async with self.http.post(path, json=body) as response:
            assert response.status < 300, await response.text()
            return await response.json()


def _labels(message: dict[str, Any]) -> list[str]:
    return [button["label"] for button in message["buttons"]]


@pytest.fixture
async def player(tmp_path: Path) -> AsyncIterator[Player]:
    """A sandbox of its own on a free port of the loopback interface."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"sqlite+aiosqlite:///{tmp_path}/sandbox.db"
    await asyncio.to_thread(upgrade, url)
    settings = Settings(sandbox_database_url=url, port=port)
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, stop))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        for _try in range(100):
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get("/healthz") as response:
                    if response.status == 200:
                        break
            await asyncio.sleep(0.1)
        player = Player(http)
        await player.meet()
        yield player
    stop.set()
    await asyncio.wait_for(running, 20)


async def test_the_story_goes_as_it_is_told(player: Player) -> None:
    for chapter in STORY:
        for step in chapter.steps:
            try:
                await player.play(step)
            except AssertionError as error:
                raise AssertionError(f"{chapter.title}: {step}") from error


def test_the_story_is_written_down_as_it_is_played() -> None:
    assert story.PAGE.read_text(encoding="utf-8") == story.page(), "run python -m docs.story"
