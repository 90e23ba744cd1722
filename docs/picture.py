"""Makes docs/sandbox.png, the picture in README.md: a pair's first words to each other, as Ada sees them.

Run it with `make picture`. It plays on a database of its own, which is thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web
from playwright.async_api import Page, async_playwright

from adapters.sandbox import seed
from adapters.sandbox.serve import open_sandbox, web_app
from bot.settings import driver_url
from commands import CATALOG
from migrations.schema import upgrade

PICTURE = Path(__file__).parent / "sandbox.png"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZE = {"width": 1280, "height": 800}
STEPS_DONE = 4
MOST_TURNS = 40

HELLO = (
    ("Ben", "Hello Ada! I read what you wrote about working alone, and I know it well. Tuesday or Thursday at 16:00?"),
    ("Ada", "Tuesday is perfect, thank you. I will bring a first draft of the paper."),
    ("Ben", "Bring it as it is. The turned-down ones of mine are coming too."),
)


class Player:
    """Plays everybody, over the sandbox's API."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self.base = base
        self.people: dict[str, int] = {}

    async def begin(self) -> None:
        """Learn who is there."""
        self.people = {person["name"]: person["id"] for person in (await self._get("/api/people"))["people"]}

    async def types(self, name: str, text: str, **where: str) -> Any:
        """Somebody types."""
        return await self._post(f"/api/people/{self.people[name]}/type", {"text": text, **where})

    async def presses(self, name: str, run: str, **args: str) -> Any:
        """Somebody presses a button."""
        return await self._post(f"/api/people/{self.people[name]}/press", {"run": run, "args": args})

    async def sends(self, name: str, command: str, **values: str) -> Any:
        """Somebody types a command and sends its form."""
        form = (await self.types(name, command))["form"]
        body = {"run": form["run"], "values": {**form["values"], **values}}
        return await self._post(f"/api/people/{self.people[name]}/submit", body)

    async def room(self, name: str) -> str:
        """The first room of somebody; the clock goes from one thing due to the next until there is one."""
        for _turn in range(MOST_TURNS):
            seen = await self._get(f"/api/people/{self.people[name]}/conversations")
            rooms: list[str] = [one["id"] for one in seen["conversations"] if one["kind"] == "room" and one["newest"]]
            if rooms:
                return rooms[0]
            await self._post("/api/clock", {"forward": {"next": True}})
        raise RuntimeError(f"{name} gets no room")

    async def waits(self, **span: int) -> None:
        """Time passes."""
        await self._post("/api/clock", {"forward": span})

    async def _get(self, path: str) -> Any:
        async with self._session.get(self.base + path) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def _post(self, path: str, body: Any) -> Any:
        async with self._session.post(self.base + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()


@asynccontextmanager
async def sandbox(url: str) -> AsyncIterator[Player]:
    """A sandbox with its cast, and somebody who plays it."""
    playground = open_sandbox(url, CATALOG)
    await seed.start_over(playground, cast=True)
    runner = web.AppRunner(web_app(playground), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Player(session, f"http://127.0.0.1:{runner.addresses[0][1]}")
    playground.live.close()
    await runner.cleanup()
    await playground.app.close()


async def play(player: Player) -> None:
    """From the call to the first words of Ada and Ben."""
    await player.begin()
    await player.sends("Ada", "/mentor join role:mentee", conduct="yes")
    await player.presses("Olga", "cohort match now", cohort="1")
    await player.types("Olga", "/cohort review")
    await player.presses("Olga", "cohort publish now", cohort="1")
    room = await player.room("Ada")
    for name, words in HELLO:
        await player.waits(minutes=7)
        await player.types(name, words, conversation=room)


async def photograph(player: Player) -> None:
    """Open the page as Ada, in the room, and take the picture."""
    room = await player.room("Ada")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport=SIZE, device_scale_factor=1.5, color_scheme="light")
        await page.goto(player.base)
        await page.locator("#conversations button").first.wait_for()
        await _tick_off(page)
        await page.locator(f'#conversations [data-key="{room}"]').click()
        await page.get_by_text(HELLO[-1][1]).wait_for()
        await page.locator("#hour").click()
        await page.screenshot(path=PICTURE)
        await browser.close()


async def _tick_off(page: Page) -> None:
    """The steps of the guide that were played over the API."""
    await page.evaluate(
        """(count) => { const kept = JSON.parse(localStorage["mentorbot-sandbox"]);
           kept.done = [...Array(count).keys()]; localStorage["mentorbot-sandbox"] = JSON.stringify(kept); }""",
        STEPS_DONE,
    )
    await page.reload()
    await page.locator("#conversations button").first.wait_for()


async def make(url: str) -> None:
    """Play and photograph."""
    async with sandbox(url) as player:
        await play(player)
        await photograph(player)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="mentorbot-") as folder:
        database = driver_url(f"sqlite:///{folder}/picture.db")
        upgrade(database)
        asyncio.run(make(database))
