"""One program in a workspace on Slack and on a server on Discord, in one process."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.sandbox.story import Presses, Waits
from adapters.slack import home
from bot import app as bot_app
from bot.services.office import Office
from bot.storage.work import Storage
from commands import CATALOG
from tests.adapters.discord import town as discord_town
from tests.adapters.slack import conftest as slack_town
from tests.databases import Connections
from tests.reach import Reach
from tests.stage import StoppedClock
from tests.transcripts.discord import DiscordPlayer
from tests.transcripts.gathering import PLAN
from tests.transcripts.player import Player
from tests.transcripts.slack import SlackPlayer

LINKED = {
    "mentor write", "mentor link", "mentor link ask", "mentor link yes", "mentor link no",
    "cohort link", "cohort link ask", "cohort link yes", "cohort link no",
}  # fmt: skip
"""What takes two spaces, and so is reached here alone."""

CENTRAL = "America/Chicago"


@dataclass
class Both:
    """Olga coordinates on Slack, Max on Discord."""

    slack: SlackPlayer
    discord: DiscordPlayer
    reach: Reach

    async def presses(self, player: Player, who: str, label: str) -> None:
        """A button, and what is due at once."""
        await player.play(Presses(who, label))
        await player.settle()

    async def code(self, player: Player, who: str, command: str) -> str:
        await player.types(who, command)
        await player.sends(who, {})
        found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", await player.answered(who))
        assert found is not None, await player.answered(who)
        return found[0]

    async def asks_to_join(self) -> None:
        code = await self.code(self.slack, "Olga", "/cohort link")
        await self.discord.types("Max", f"/cohort link code:{code}")
        await self.presses(self.discord, "Max", "Yes, join")

    async def asks_to_be_one(self) -> None:
        code = await self.code(self.slack, "Ada Lee", "/mentor link")
        await self.discord.types("Ada", f"/mentor link code:{code}")
        await self.presses(self.discord, "Ada", "Yes, that is me")


@pytest.fixture
async def both(database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Both]:
    monkeypatch.setattr(home, "DELAY", 0)
    clock, reach = StoppedClock(), Reach()
    storage = Storage(connections.engines(database), clock)
    app, catalog = bot_app.App(storage, clock, Office(storage, {})), reach.watched(CATALOG)
    async with slack_town.workspace() as fake:
        fake.reach = reach
        async with (
            slack_town.town_of(fake, app, clock, catalog) as workspace,
            discord_town.town_of(app, clock, catalog=catalog, reach=reach) as server,
        ):
            both = Both(SlackPlayer(workspace, reach), DiscordPlayer(server, reach), reach)
            await both.slack.arrive("Olga", CENTRAL, first=True)
            await both.discord.arrive("Max", CENTRAL, first=True)
            yield both


async def test_one_program_spans_a_workspace_and_a_server(both: Both) -> None:
    slack, discord = both.slack, both.discord
    await both.asks_to_join()
    await both.presses(slack, "Olga", "No")
    await discord.play(Waits("Max", "would rather stay as it is", days=1))
    await both.asks_to_join()
    await both.presses(slack, "Olga", "Yes, let them join")
    await discord.play(Waits("Max", "Olga has agreed", days=1))
    await discord.types("Max", "/cohort create template:alcts")
    assert "is for coordinators" in await discord.answered("Max")

    await slack.types("Olga", "/cohort create template:alcts")
    await slack.sends("Olga", PLAN)
    for label in ("Open the call", "mentoring", "Post it"):
        await both.presses(slack, "Olga", label)
    await slack.types("Olga", "/cohort announce")
    await both.presses(slack, "Olga", "mentoring (Library Mentoring)")
    assert "I post the call in #mentoring too." in await slack.answered("Olga")
    assert any("Mentoring 2027–28" in one for one in await discord.posted("mentoring"))
    await discord.arrive("Ada", CENTRAL, first=False)
    await slack.arrive("Ben", CENTRAL, first=False)
    shared = {"zone": CENTRAL, "institution": "A small library", "career": "over_ten", "conduct": "yes"}
    await discord.types("Ada", "/mentor join role:mentee")
    await discord.sends("Ada", {**shared, "name": "Ada", "wishes": ["cataloging"], "career": "first_years"})
    await slack.types("Ben", "/mentor join role:mentor")
    await slack.sends("Ben", {**shared, "name": "Ben", "offers": ["cataloging"], "places": "1"})
    await slack.types("Olga", "/cohort match")
    await both.presses(slack, "Olga", "Close the call and match")
    await slack.play(Waits("Olga", "Review the pairs", days=1))
    for label in ("Review the pairs", "Publish these pairs", "Publish"):
        await both.presses(slack, "Olga", label)

    await discord.play(Waits("Ada", "Ada, meet Ben.", days=7))
    await slack.play(Waits("Ben", "Ben, meet Ada.", days=7))
    await both.presses(slack, "Ben", "Write to Ada")
    await slack.sends("Ben", {"words": "Hello @everyone, would Tuesday suit you?"})
    await discord.play(Waits("Ada", "would Tuesday suit you?", days=3))
    await both.presses(discord, "Ada", "Answer")
    await discord.sends("Ada", {"words": "Tuesday <!channel> it is."})
    await slack.play(Waits("Ben", "Tuesday <!channel> it is.", days=3))

    await slack.arrive("Ada Lee", CENTRAL, first=False)
    await both.asks_to_be_one()
    await both.presses(slack, "Ada Lee", "No")
    await discord.play(Waits("Ada", "says that it is not yours", days=1))
    await both.asks_to_be_one()
    await both.presses(slack, "Ada Lee", "Yes, it is me")
    await slack.types("Ada Lee", "/mentor status")
    assert "Ben is your mentor" in await slack.answered("Ada Lee")
    await discord.types("Ada", "/mentor status")
    assert "Ben is your mentor" in await discord.answered("Ada")
    await discord.town.note()
    assert both.reach.ran >= LINKED
    reach = both.reach
    assert not [run for run, _names in reach.shown - reach.pressed if run in LINKED], "buttons that nobody pressed"
    assert not (reach.asked - reach.sent) & LINKED, "forms that nobody sent"
