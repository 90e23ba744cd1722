"""Playing on Discord, from interactions of its gateway to the bodies of its REST API."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import discord

from adapters.discord import links, tree
from adapters.sandbox.story import Presses, Sends, Types
from bot.storage.work import Storage
from bot.ui import Answer, Kind
from commands import CATALOG
from commands.spec import Command, Request
from commands.typed import given
from tests.adapters.discord import contract
from tests.adapters.discord.town import Citizen, Town, buttons_of, controls_of, plain_name, town_over
from tests.adapters.discord.ways import OWN
from tests.databases import Connections
from tests.reach import Reach
from tests.transcripts.player import Player, Pressable, Shown
from tests.transcripts.steps import Beside, TurnsTo

_NUMBERED = re.compile(r"(\d+) · (.+)")
_ESCAPED = re.compile(r"\\([^\w\s])")


class DiscordPlayer(Player):
    """Plays on a server that is a model of Discord: the one who coordinates there, all others in direct messages."""

    def __init__(self, town: Town, reach: Reach) -> None:
        super().__init__()
        self.town = town
        self.reach = reach
        self.people: dict[str, Citizen] = {}
        self.first = ""
        self.private: dict[str, list[Any]] = {}
        self.unsaid: dict[str, Mapping[str, Answer]] = {}

    @property
    def storage(self) -> Storage:
        return self.town.app.storage

    async def arrive(self, who: str, zone: str, *, first: bool) -> None:
        name = who.encode("ascii", "ignore").decode().lower()
        citizen = self.people[who] = self.town.person(name, who, manages=first)
        await citizen.slash("mentor help")
        await citizen.slash("mentor quiet")  # Discord tells nobody's zone, so it is asked where hours are chosen
        await citizen.fills(zone=zone)
        if first:
            self.first = who
            await self.types(who, "/cohort setup")
            await self.sends(who, {})
            await self.types(who, f"/cohort rooms channel:{self.town.channel.name}")

    async def types(self, who: str, text: str) -> None:
        """As a command with options; what Discord does not list, as words in the direct message."""
        typed = text.replace("@", "")
        command, rest = CATALOG.find(typed)
        path = tree.OPENING.get(command.path, command.path)
        if not command.listed or len(path.split()) > tree.DEEPEST:
            await self.says(who, typed)
            return
        answers = given(command, rest, Request(platform="", space=None, user="", text=typed))
        options = {name: await self._option(who, command, name, answer) for name, answer in answers.items()}
        self._note(who, await self.people[who].commands(path, options, dm=who != self.first))

    async def says(self, who: str, text: str) -> None:
        await self.people[who].types(text)

    async def begins(self, who: str, answers: Mapping[str, Answer]) -> None:
        """Discord keeps the pages that were sent, here the first one; the rest is written when the form is sent."""
        has_more = re.search(r"\(1/\d\)$", self.people[who].modal["title"]) is not None
        left = await self._fill(who, answers) if has_more else set(answers)
        self.unsaid[who] = {name: answers[name] for name in left}
        self.people[who].last = None

    async def sends(self, who: str, answers: Mapping[str, Answer]) -> None:
        citizen = self.people[who]
        answers = {**self.unsaid.pop(who, {}), **answers}
        left = set(answers)
        for _page in range(12):
            if citizen.last is not None and citizen.last.modal is not None:
                left = await self._fill(who, answers, left=left)
                continue
            found = {one["custom_id"][:2]: one for message in citizen.seen for one in buttons_of(message)}
            assert "Something needs another look" not in citizen.text, citizen.text
            if "s:" in found and not left:
                await self._click(who, citizen.seen[-1], found["s:"])
                break
            if "o:" not in found:
                break
            await self._click(who, citizen.seen[-1], found["o:"])
        assert citizen.last is None or citizen.last.modal is None, f"{who} came to no end of the form"
        assert "Something needs another look" not in citizen.text, citizen.text
        assert not left, f"the form asked nothing of {left}"

    async def press(self, who: str, shown: Shown, button: Pressable) -> None:
        link = await links.followed(self.storage, button.handle["custom_id"])
        assert link is not None
        self.reach.press(CATALOG, link.run, dict(link.args))
        message = next(one for one in self._messages(who) if one.id == shown.name)
        await self._click(who, message, button.handle)

    async def shown(self, who: str) -> Sequence[Shown]:
        return [self._shown(message) for message in self._messages(who)]

    async def answered(self, who: str) -> str:
        citizen = self.people[who]
        if citizen.last is not None and (modal := citizen.last.modal):
            parts = [f"{part.get('label', part.get('content'))}" for part in modal["components"]]
            return "\n".join([modal["title"], *parts])
        return self._named(citizen.text)

    async def posted(self, channel: str) -> Sequence[str]:
        number = next(one.id for one in self.town.env.backend.channels.values() if one.name == channel)
        return [self._named(message.content) for message in self.town.said_in(number)]

    async def settle(self) -> None:
        await self.town.pulse()

    async def forward(self, **delta: float) -> None:
        await self.town.forward(**delta)

    async def asides(self) -> None:
        """Rooms open below another channel.

        Somebody takes no direct messages: a delicate letter waits in a thread, is read there, and they open them.
        """
        chosen = Sends("Olga", {"channel": "mentoring"})
        for step in (Presses("Olga", "Where rooms open"), chosen, Presses("Olga", "Where do we stand?")):
            await self.play(step)
        tom = self.people["Tom"]
        direct = self.town.env.backend.get_dm_channel(tom.actor.id)
        self.town.env.inject_error("POST", f"/channels/{direct.id}/messages", status=403, code=50007, times=None)
        for step in (Types("Olga", "/cohort team"), Beside("Olga", "Remove", "Tom"), TurnsTo(2)):
            await self.play(step)
        await tom.presses("Read it", on=self._thread("Tom")[-1])
        assert "your part in the mentoring team has changed" in tom.text
        self.town.env.backend.faults.clear()
        await tom.presses("Try again", on=self._thread("Tom")[0])
        assert "That works" in tom.text
        await self.town.note()

    def _thread(self, who: str) -> list[Any]:
        name = f"Letters for {self.people[who].actor.name}"
        return self.town.said_in(next(one.id for one in self.town.env.backend.channels.values() if one.name == name))

    async def _fill(self, who: str, answers: Mapping[str, Answer], *, left: set[str] | None = None) -> set[str]:
        """Send the page that is open; the names of the answers that it did not ask for."""
        citizen = self.people[who]
        named: dict[str, Answer] = {}
        for name, answer in answers.items():
            named |= {f"{name}_{place}": one for place, one in enumerate(answer, start=1)} | {name: answer}
        asked = {plain_name(control["custom_id"]): control for control in controls_of(citizen.modal)}
        here = {name: _fitting(asked[name], named[name]) for name in asked if name in named}
        run = await self.town.run_of(citizen.modal)
        self.reach.send(CATALOG, run)
        self._note(who, await citizen.fills(**here))
        told = {name for name in answers if name in asked or f"{name}_1" in asked}
        return (set(answers) if left is None else left) - told

    async def _click(self, who: str, message: Any, button: Mapping[str, Any]) -> None:
        self._note(who, await self.people[who].clicks(message, button["custom_id"]))

    async def _option(self, who: str, command: Command, name: str, answer: Answer) -> Any:
        field = next(field for field in command.fields if field.name == name)
        text = answer if isinstance(answer, str) else ", ".join(answer)
        if field.kind is Kind.YES:
            return text == "yes"
        if field.kind is Kind.NUMBER:
            return int(text)
        if not field.source:
            return text
        path = tree.OPENING.get(command.path, command.path)
        citizen = self.people[who]
        found = await citizen.suggestions(path, name, text, dm=who != self.first)
        return found[0]["value"] if found else text

    def _note(self, who: str, result: Any) -> None:
        """Private answers lie nowhere but before who asked."""
        messages = [one._message for one in (result.response, *result.followups) if one is not None]
        self.private.setdefault(who, []).extend(one for one in messages if one.is_ephemeral)

    def _messages(self, who: str) -> list[Any]:
        backend, citizen = self.town.env.backend, self.people[who]
        rooms = [one.id for one in backend.channels.values() if citizen.actor.id in getattr(one, "thread_members", ())]
        found = [*self.town.said_in(self.town.channel.id), *citizen.letters()]
        found += [message for room in rooms for message in self.town.said_in(room)]
        for message in self.private.get(who, []):
            again = backend.messages[message.channel_id].get(message.id)
            found += [] if again is None else [again]
        return sorted({message.id: message for message in found}.values(), key=lambda message: int(message.id))

    def _shown(self, message: Any) -> Shown:
        said = self._named(message.content)
        lines = dict(re.findall(r"^\*\*(\d+)\*\* (.*)$", self._people(message.content), re.MULTILINE))
        rest = "\n".join(line for line in said.splitlines() if line not in {f"{n} {text}" for n, text in lines.items()})
        found = []
        for button in buttons_of(message):
            if not button.get("custom_id", "").startswith(("l:", "k:")):
                continue
            numbered = _NUMBERED.fullmatch(button["label"])
            label = numbered[2] if numbered else button["label"]
            beside = lines.get(numbered[1], "") if numbered else rest
            found.append(Pressable(label, beside, button))
        return Shown(message.id, said, found)

    def _people(self, said: str) -> str:
        for citizen in self.people.values():
            said = said.replace(f"<@{citizen.id}>", citizen.name)
        return said

    def _named(self, said: str) -> str:
        return _ESCAPED.sub(r"\1", self._people(said).replace("**", ""))


@asynccontextmanager
async def on_discord(database: str, connections: Connections, reach: Reach) -> AsyncIterator[DiscordPlayer]:
    """A server on which nobody is yet; every request that went out is checked at the end."""
    reach.own = frozenset(OWN)
    async with town_over(database, connections, catalog=reach.watched(CATALOG), reach=reach) as town:
        _liaisons_channel(town)
        await town.env.settle()
        yield DiscordPlayer(town, reach)
        for request in town.env.http_requests:
            contract.check_request(request.method, request.path, request.json)


def _liaisons_channel(town: Town) -> None:
    """A channel that nobody reads but the bot and those who rule the server."""
    hidden, seen = discord.PermissionOverwrite(view_channel=False), discord.PermissionOverwrite(view_channel=True)
    guild = town.bot.client.get_guild(town.guild.id)
    assert guild is not None
    town.guild.create_text_channel("mentoring-liaisons", overwrites={guild.default_role: hidden, guild.me: seen})


def _fitting(control: Mapping[str, Any], answer: Answer) -> Answer:
    """An answer as a control takes it: text, or the labels of what is chosen."""
    if control["type"] == contract.INPUT:
        return answer if isinstance(answer, str) else ", ".join(answer)
    options = control["options"]
    found = []
    for one in [answer] if isinstance(answer, str) else answer:
        exact = [option["value"] for option in options if one in (option["value"], option["label"])]
        near = [option["value"] for option in options if one in option["label"]]
        assert exact or near, f"{control['custom_id']} offers no {one!r} but {[o['label'] for o in options]}"
        found.append((exact or near)[0])
    return found
