"""Running on Discord: logging in, staying connected, hanging up."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

import aiohttp
import discord
import structlog
from aiohttp import web
from discord.http import Route

from adapters.discord import links
from adapters.discord.composing import PLATFORM, Composer
from adapters.discord.deliver import UNAUTHORIZED, DiscordMessenger
from adapters.discord.gateway import Gateway
from bot.app import App
from bot.ports import Messenger
from bot.settings import Misconfigured, OutOfReach, Settings
from commands.dispatch import Dispatch

log = structlog.get_logger()

ASK_AGAIN = 30.0
"""Seconds after which Discord is asked once more whether it takes our token."""

A_DAY = 24 * 3600

LOGIN = 30.0
"""Seconds in which Discord has to have let us in."""

GRACE = 10.0
"""Seconds that answers under way have to come to their end when the process stops."""

_SILENT = (discord.DiscordServerError, discord.GatewayNotFound, discord.RateLimited, aiohttp.ClientError, OSError)
"""What says nothing of our token: Discord may answer later."""

_TOO_FEW_SHARDS = 4011

NO_MORE = "DISCORD_TOKEN is not accepted by Discord any more, and letters there wait: see docs/operating.md, Discord."


@dataclass(slots=True)
class Discord:
    """Discord as one of the bot's faces."""

    client: Gateway
    messenger: Messenger
    composer: Composer
    refused: asyncio.Event
    platform: str = PLATFORM

    def add_routes(self, server: web.Application) -> None:
        """Nothing: all of Discord comes over the gateway."""

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop` is set.

        Raises Misconfigured where Discord lets us in no more, OutOfReach where something broke.
        """
        connected = asyncio.ensure_future(self.client.connect())
        stopped = asyncio.ensure_future(stop.wait())
        turned_away = asyncio.ensure_future(self._turned_away())
        tidied = asyncio.ensure_future(self._tidy())
        ends = (connected, stopped, turned_away)
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if connected.done() and (error := connected.exception()) is not None:
                raise (Misconfigured if _is_final(error) else OutOfReach)(_reason(error)) from error
            if turned_away.done():
                raise Misconfigured(NO_MORE)
        finally:
            for task in (*ends, tidied):
                task.cancel()
            await asyncio.gather(*ends, tidied, return_exceptions=True)
            await self.close()

    async def close(self) -> None:
        """Let answers under way come to their end, and hang up."""
        await self.client.settle(GRACE)
        await self.client.close()

    async def _turned_away(self) -> None:
        """Ends once Discord has refused our token for a letter, and does so still when it is asked for that alone."""
        while True:
            await self.refused.wait()
            await asyncio.sleep(ASK_AGAIN)
            self.refused.clear()
            try:
                await self.client.application_info()
            except discord.HTTPException as error:
                if error.status == UNAUTHORIZED:
                    return
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("not asked whether the token holds", error=type(error).__name__)

    async def _tidy(self) -> None:
        while True:
            await self.composer.forget_forms()
            await links.forget(self.composer.storage)
            await asyncio.sleep(A_DAY)


def build(settings: Settings, app: App, dispatch: Dispatch) -> Discord:
    """Discord's parts, not yet logged in."""
    Route.BASE = settings.discord_api_base
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # it warns that we cannot speak, and we do not
    client = Gateway(settings, app.storage, dispatch)
    messenger = DiscordMessenger(client.composer, client.posting, client.rooms, client.corners)
    return Discord(client, messenger, client.composer, messenger.refused)


async def open_discord(settings: Settings, app: App, dispatch: Dispatch) -> Discord:
    """Discord, logged in: letters can go out, `run` hears people. Raises Misconfigured or OutOfReach, in one line."""
    opened = build(settings, app, dispatch)
    try:
        async with asyncio.timeout(LOGIN):
            await opened.client.login(settings.discord_token)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        await opened.close()
        refusal = OutOfReach if isinstance(error, _SILENT) else Misconfigured
        raise refusal(_reason(error)) from error
    except BaseException:
        await opened.close()
        raise
    return opened


def _is_final(error: BaseException) -> bool:
    """Whether Discord would close another connection for the same reason."""
    if isinstance(error, discord.ConnectionClosed):
        return error.code != _TOO_FEW_SHARDS
    return isinstance(error, discord.LoginFailure | discord.PrivilegedIntentsRequired)


def _reason(error: BaseException) -> str:
    match error:
        case discord.LoginFailure():
            return "DISCORD_TOKEN is not accepted by Discord: see docs/operating.md, Discord."
        case discord.PrivilegedIntentsRequired():
            return (
                "DISCORD_MEMBERS is on, but Discord does not allow it: turn on the Server Members Intent of your "
                "application, or set DISCORD_MEMBERS=false. See docs/operating.md, Discord."
            )
        case discord.ConnectionClosed(code=4004):
            return NO_MORE
        case discord.ConnectionClosed():
            return f"Discord has closed the connection for good ({error.code}): see docs/operating.md, Discord."
        case discord.HTTPException():
            return (
                f"Discord answered {error.status} to DISCORD_TOKEN at DISCORD_API_BASE: see docs/operating.md, Discord."
            )
        case _:
            reason = type(error).__name__
            return f"Discord cannot be reached at DISCORD_API_BASE ({reason}): see docs/operating.md, Discord."
