"""Playing on Slack, from signed payloads to the bodies of its Web API."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from adapters.slack.errands import Errand
from bot.storage.work import Storage
from bot.ui import Answer
from commands import CATALOG
from tests.adapters.slack.conftest import Town, town_over, workspace
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import Post
from tests.adapters.slack.ways import OWN, link_of
from tests.databases import Connections
from tests.reach import Reach
from tests.transcripts.player import Player, Pressable, Shown

CHANNELS = {"liaisons": "mentoring-liaisons"}
"""What the fake workspace calls a channel, and what every transcript does."""


class SlackPlayer(Player):
    """Plays in a fake workspace."""

    def __init__(self, town: Town, reach: Reach) -> None:
        super().__init__()
        self.town = town
        self.reach = reach
        self.people: dict[str, Person] = {}

    @property
    def storage(self) -> Storage:
        return self.town.app.storage

    async def arrive(self, who: str, zone: str, *, first: bool) -> None:
        self.people[who] = self.town.person(who, zone=zone, is_admin=first)
        await self.types(who, "/mentor help")
        if first:
            await self.types(who, "/cohort setup")
            await self.sends(who, {})

    async def types(self, who: str, text: str) -> None:
        await self.people[who].types(re.sub(r"@(\w+)", lambda found: f"<@{self.people[found[1]].user}>", text))

    async def says(self, who: str, text: str) -> None:
        await self.people[who].says(text)

    async def begins(self, who: str, answers: Mapping[str, Answer]) -> None:
        await self._show_all(who, answers)
        await self.people[who].closes(**answers)

    async def sends(self, who: str, answers: Mapping[str, Answer]) -> None:
        await self._show_all(who, answers)
        modal = self.people[who].modal
        assert modal is not None, f"{who} has no open modal, but reads {await self.answered(who)!r}"
        self.reach.send(CATALOG, Errand.read(modal.body["private_metadata"]).run)
        await self.people[who].sends(**answers)
        again = self.people[who].modal
        assert again is None or "errors" not in again.body, again.body["errors"]

    async def press(self, who: str, shown: Shown, button: Pressable) -> None:
        link = link_of(button.handle)
        assert link is not None
        self.reach.press(CATALOG, link.run, link.args)
        post = next(one for one in self.people[who].posts if one.ts == shown.name)
        await self.people[who].press(button.handle, post)

    async def shown(self, who: str) -> Sequence[Shown]:
        return [self._shown(post) for post in self.people[who].posts]

    async def answered(self, who: str) -> str:
        person = self.people[who]
        if person.modal is not None:
            return self._named(words(person.modal.body))
        return self._named(words(person.posts[-1].blocks)) if person.posts else ""

    async def posted(self, channel: str) -> Sequence[str]:
        numbers = {one.get("name"): one["id"] for one in self.town.fake.channels.values()}
        return [self._named(words(p.blocks)) for p in self.town.fake.posts if p.channel == numbers[channel]]

    async def settle(self) -> None:
        await self.town.pulse()

    async def forward(self, **delta: float) -> None:
        await self.town.forward(**delta)

    async def _show_all(self, who: str, answers: Mapping[str, Answer]) -> None:
        """Questions that nobody has to answer wait behind a button."""
        modal = self.people[who].modal
        assert modal is not None, f"{who} has no open modal, but reads {await self.answered(who)!r}"
        if set(answers) <= _asked(modal.body):
            return
        await self.people[who].presses("Add more")
        modal = self.people[who].modal
        assert modal is not None
        assert set(answers) <= _asked(modal.body), f"the form asks {_asked(modal.body)}"

    def _shown(self, post: Post) -> Shown:
        found: list[Pressable] = []
        before = ""
        for block in post.blocks:
            if block["type"] != "actions":
                before = self._named(words([block]))
                continue
            elements = [one for one in block["elements"] if link_of(one) is not None]
            found += [Pressable(one["text"]["text"], before, one) for one in elements]
        return Shown(post.ts, self._named(words(post.blocks)), found)

    def _named(self, said: str) -> str:
        for person in self.people.values():
            said = said.replace(f"<@{person.user}>", person.name)
        return said


@asynccontextmanager
async def on_slack(database: str, connections: Connections, reach: Reach) -> AsyncIterator[SlackPlayer]:
    """A workspace in which nobody is yet."""
    async with workspace() as fake:
        fake.reach, reach.own = reach, OWN
        for channel in fake.channels.values():
            channel["name"] = CHANNELS.get(channel["name"], channel["name"])
        async with town_over(fake, database, connections, reach.watched(CATALOG)) as town:
            yield SlackPlayer(town, reach)


def _asked(view: Mapping[str, Any]) -> set[str]:
    return {block["block_id"].partition(":")[0] for block in view["blocks"] if block["type"] == "input"}
