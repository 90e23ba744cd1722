"""A town on Discord for tests: SimCord plays Discord, the bot is the real one over a real database.

async def test_something(town: Town) -> None:
    ada = town.person("ada", "Ada", manages=True)
    await ada.slash("cohort setup")           # in the town's channel; dm=True for the direct messages with the bot
    await ada.fills(person="…")               # sends the open modal; what is left out stays as it was filled in
    await ada.presses("Where do I stand?")    # a button of the last thing that Ada saw, else of a letter
    assert "coordinate" in ada.text
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import discord
import simcord
from simcord.results import InteractionResult, to_discord_message

from adapters.discord.serve import Discord, build
from bot import app as bot_app
from bot.scheduling.turning import turn_to
from bot.services.office import Office
from bot.settings import Settings
from bot.storage.work import Storage
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.discord.refusals import Refusals, refusing
from tests.adapters.discord.ways import note, run_of
from tests.databases import Connections
from tests.reach import Reach
from tests.stage import StoppedClock

TOKEN = "invented"


@dataclass
class Citizen:
    """Somebody on the server."""

    town: Town
    actor: Any
    name: str
    last: InteractionResult | None = None
    seen: list[Any] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.actor.id)

    @property
    def text(self) -> str:
        """All words of the last answer."""
        return "\n".join(message.content for message in self.seen)

    @property
    def modal(self) -> dict[str, Any]:
        """The modal that is open."""
        assert self.last is not None
        modal = self.last.modal
        assert modal is not None, f"{self.name} has no modal but {self.text!r}"
        return modal

    async def slash(self, path: str, *, dm: bool = False, channel: Any = None, **options: Any) -> InteractionResult:
        return await self.commands(path, options, dm=dm, channel=channel)

    async def commands(
        self, path: str, options: dict[str, Any], *, dm: bool = False, channel: Any = None
    ) -> InteractionResult:
        """A slash command whose options may be called anything."""
        if dm:
            return self._saw(await self.actor.user.slash(path, **options))
        return self._saw(await self.actor.slash(channel or self.town.channel, path, **options))

    async def presses(self, label: str, *, on: Any = None) -> InteractionResult:
        message = on or self._with_button(label)
        found = {button["label"]: button["custom_id"] for button in buttons_of(message)}
        assert label in found, f"{label!r} is none of {sorted(found)}"
        return await self.clicks(message, found[label])

    async def clicks(self, message: Any, custom_id: str) -> InteractionResult:
        """Press one button of one message."""
        self.town.reach.use(custom_id[:2])
        shown = to_discord_message(self.town.env, message)
        actor = self.actor.user if message.channel_id == self._dm() else self.actor
        return self._saw(await actor.click(shown, custom_id=custom_id), pressed=message)

    async def suggestions(self, path: str, option: str, typed: str, *, dm: bool = False) -> list[dict[str, Any]]:
        """What Discord offers while an option is being typed."""
        found: list[dict[str, Any]] = (
            await self.actor.user.autocomplete(path, option, typed)
            if dm
            else await self.actor.autocomplete(self.town.channel, path, option, typed)
        )
        return found

    async def fills(self, **answers: Any) -> InteractionResult:
        """Send the open modal: text as text, choices by their labels or values."""
        assert self.last is not None
        await self.town.note()  # what is sent is let go of, and cannot be asked afterwards where it led
        self.town.reach.use(self.modal["custom_id"][:2])
        values = {
            c["custom_id"]: _given(c, answers.pop(plain_name(c["custom_id"]), None)) for c in controls_of(self.modal)
        }
        assert not answers, f"the modal asks nothing of {sorted(answers)}, but {sorted(values)}"
        is_dm = self.last._interaction.guild_id is None
        actor = self.actor.user if is_dm else self.actor
        return self._saw(await actor.submit_modal(self.last, {k: v for k, v in values.items() if v is not None}))

    async def types(self, words: str) -> str:
        """Write to the bot directly; what it answers."""
        before = len(self.letters())
        await self.actor.send_dm(words)
        self.last, self.seen = None, self.letters()[before:]
        return self.text

    def letters(self) -> list[Any]:
        """What the bot has said in the direct messages with this person, oldest first."""
        return self.town.said_in(self._dm())

    def labels(self) -> list[str]:
        return [button["label"] for message in self.seen for button in buttons_of(message)]

    def _dm(self) -> int | None:
        return self.town.env.backend.dm_channels.get(self.actor.id)

    def _with_button(self, label: str) -> Any:
        for message in [*self.seen[::-1], *self.letters()[::-1]]:
            if any(button["label"] == label for button in buttons_of(message)):
                return message
        raise AssertionError(f"{self.name} sees no button {label!r} but {self.labels()}")

    def _saw(self, result: InteractionResult, *, pressed: Any = None) -> InteractionResult:
        self.last = result
        self.seen = [one._message for one in (result.response, *result.followups) if one is not None]
        if not self.seen and pressed is not None and result.modal is None:
            again = self.town.env.backend.messages[pressed.channel_id].get(pressed.id)
            self.seen = [] if again is None else [again]
        return result


@dataclass
class Town:
    """A server with its bot."""

    env: simcord.Env
    app: bot_app.App
    bot: Discord
    clock: StoppedClock
    refusals: Refusals
    guild: Any = None
    channel: Any = None
    people: dict[str, Citizen] = field(default_factory=dict)
    reach: Reach = field(default_factory=Reach)
    noted: int = 0

    def person(self, name: str, shown: str = "", *, manages: bool = False) -> Citizen:
        roles: Sequence[Any] = ()
        if manages:
            roles = [self.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))]
        actor = self.guild.add_member(self.env.create_user(name, global_name=shown or name.title()), roles=roles)
        self.people[name] = Citizen(self, actor, shown or name.title())
        return self.people[name]

    def said_in(self, conversation: int | None) -> list[Any]:
        """What the bot has posted in a channel, oldest first."""
        if conversation is None:
            return []
        mine = self.env.backend.bot_user.id
        posted = self.env.backend.messages[conversation].values()
        return [m for m in posted if m.author_id == mine and not m.is_ephemeral]

    async def note(self) -> None:
        """Note where all buttons and forms lead that were sent since the last time; none may lead nowhere."""
        storage = Storage(self.app.storage.engines, self.clock)  # that of a test may be slow on purpose
        requests = self.env.http_requests[self.noted :]
        self.noted += len(requests)
        for request in requests:
            await note(self.reach, storage, request.json)

    async def run_of(self, modal: dict[str, Any]) -> str:
        """The command text that a modal's answers go to."""
        return await run_of(self.app.storage, modal["custom_id"])

    async def pulse(self) -> int:
        """Do what is due now."""
        with self.env.time_context():
            return await self.app.pulse()

    async def forward(self, **delta: float) -> None:
        """Turn the bot's clock, and do what falls due on the way."""
        with self.env.time_context():
            await turn_to(self.app.office, self.clock, self.clock.now() + timedelta(**delta))


class QuickEnv(simcord.Env):
    """SimCord looks every fifty milliseconds whether the bot is done; here that is worth a look far more often."""

    async def _settle_internal(self, **options: Any) -> None:
        await super()._settle_internal(**{**options, "idle": 0.002})


@asynccontextmanager
async def town_over(database: str, connections: Connections, **options: Any) -> AsyncIterator[Town]:
    """A town over a database."""
    clock = StoppedClock()
    storage = Storage(connections.engines(database), clock)
    async with town_of(bot_app.App(storage, clock, Office(storage, {})), clock, **options) as town:
        yield town


@asynccontextmanager
async def town_of(app: bot_app.App, clock: StoppedClock, **options: Any) -> AsyncIterator[Town]:
    """A town as a face of a bot."""
    settings = Settings(discord_token=TOKEN, discord_members=bool(options.pop("members", False)))
    bot = build(settings, app, Dispatch(app.storage, options.pop("catalog", CATALOG)))
    bot.client.shard_count = 1  # nobody is asked how many there shall be
    app.office.messengers["discord"] = bot.messenger  # type: ignore[index]
    reach = options.pop("reach", None) or Reach()
    env = QuickEnv(bot.client, shard_count=1, settle_timeout=options.pop("settle_timeout", 10.0), **options)
    await env.start()
    try:
        with refusing(env, clock.now) as refusals:
            town = Town(env, app, bot, clock, refusals, reach=reach)
            await env.settle()  # it is connected before anybody invites it
            town.guild = env.create_guild("Library Mentoring")
            town.channel = town.guild.create_text_channel("mentoring")
            await env.settle()
            yield town
            env.raise_errors()
            refusals.check()
            await town.note()
    finally:
        await env.shutdown()


def buttons_of(message: Any) -> list[dict[str, Any]]:
    """The buttons of a message, in order."""
    return [button for row in message.components for button in row["components"] if "label" in button]


def controls_of(modal: dict[str, Any]) -> list[dict[str, Any]]:
    """What a modal asks with."""
    return [part["component"] for part in modal["components"] if part["type"] == 18]


def plain_name(custom_id: str) -> str:
    """wishes#0 is asked for as wishes_1."""
    name, _sign, rank = custom_id.partition("#")
    return f"{name}_{int(rank) + 1}" if rank else name


def _given(control: dict[str, Any], answer: Any) -> Any:
    if control["type"] == 4:
        return control.get("value", "") if answer is None else answer
    options = control["options"]
    if answer is None:
        return [option["value"] for option in options if option.get("default")] or None
    wanted = [answer] if isinstance(answer, str) else list(answer)
    found = [option["value"] for one in wanted for option in options if one in (option["value"], option["label"])]
    assert len(found) == len(wanted), f"{wanted} of {[option['label'] for option in options]}"
    return found
