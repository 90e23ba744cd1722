"""From Discord's events to a Request and back: what somebody types, presses and sends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import discord
import structlog

from adapters.discord import forms, links, mentions, tree, words
from adapters.discord.answering import Interaction, also, give, put_off
from adapters.discord.composing import PLATFORM, Composer, Kept, Outcome, Sheet, Shown, closed, plain
from adapters.discord.limits import AUTOCOMPLETE, LATEST, LONGEST_OPTION, MOST_OPTIONS, SOON, cut
from adapters.discord.posting import Posting
from adapters.discord.speaker import DiscordSpeaker, LabelSpeaker
from adapters.discord.waiting import Waiting
from bot.domain.zones import matching_zones
from bot.logs import log_failure
from bot.storage.queries import MOST_CHOICES
from bot.texts import asking
from bot.ui import Answer, Choice, Form, Reply, Run
from commands.dispatch import Dispatch
from commands.spec import Refused, Request

log = structlog.get_logger()

Kinds = discord.InteractionType


class Reception:
    """Answers what people do on Discord."""

    def __init__(
        self, dispatch: Dispatch, composer: Composer, posting: Posting, know: Callable[[int], Awaitable[None]]
    ) -> None:
        self.dispatch = dispatch
        self.know = know
        self.composer = composer
        self.posting = posting
        self.letters = Waiting(dispatch.storage, composer, posting)

    async def meet(self, interaction: Interaction) -> None:
        """Answer an interaction, or acknowledge it in time and answer then."""
        if interaction.type is Kinds.autocomplete:
            await self._suggest(interaction)
        elif interaction.type in (Kinds.application_command, Kinds.component, Kinds.modal_submit):
            await self._answer(interaction)

    async def hear(self, message: discord.Message) -> None:
        """Answer what somebody typed in their direct messages with the bot."""
        request = Request(
            platform=PLATFORM,
            space=None,
            user=str(message.author.id),
            text=tree.typed(message.content),
            name=message.author.display_name,
            event=f"m{message.id}",
        )
        outcome = await self._safely(self._ask(request))
        if outcome is not None:
            shown = outcome if isinstance(outcome, Shown) else outcome.instead
            await self.posting.say(str(message.channel.id), shown.sheets)

    async def _answer(self, interaction: Interaction) -> None:
        preparing = asyncio.ensure_future(self._safely(self._prepare(interaction)))
        done, _waiting = await asyncio.wait([preparing], timeout=LATEST if self._may_open(interaction) else SOON)
        try:
            if not done:
                await put_off(interaction)
            outcome = await preparing
            if outcome is not None:
                await give(interaction, outcome, ours=_is_ours(interaction))
            if isinstance(outcome, Shown) and outcome.copied:
                await self._copy(interaction, outcome)
            if isinstance(outcome, Shown) and outcome.letters:
                await self.letters.taken(interaction, outcome.letters)
        except discord.HTTPException as error:  # the interaction is over, or its message gone: nobody is waiting
            log.warning("answer not given", status=error.status, code=error.code)

    async def _copy(self, interaction: Interaction, shown: Shown) -> None:
        """Put an answer into the direct messages, which their owner's own press opens; say it if they are closed."""
        if not await self.posting.reach(interaction.user.id, shown.sheets):
            await also(interaction, closed())

    async def _safely(self, preparing: Awaitable[Outcome | None]) -> Outcome | None:
        """The answer, or what is said about a bug of ours: without any, Discord blames the person."""
        try:
            return await preparing
        except Exception:
            return Shown(await self.composer.sheets(asking.failed(log_failure("answer failed", platform=PLATFORM))))

    async def _prepare(self, interaction: Interaction) -> Outcome | None:
        data = _data(interaction)
        if interaction.guild_id is not None:
            await self.know(interaction.guild_id)
        if interaction.type is Kinds.application_command:
            path, args = tree.asked(data)
            args = await mentions.resolved(self.dispatch.storage, interaction.guild_id, interaction.user.id, args)
            return await self._ask(self._request(interaction, path, args))
        kind, _colon, rest = _custom_id(interaction).partition(":")
        if kind in ("l", "k"):
            return await self._press(interaction)
        if kind == "r":
            return await self.letters.read(interaction)
        if kind == "d":
            is_open = await self.posting.reach(interaction.user.id, [Sheet(DiscordSpeaker().text(words.HERE))])
            if is_open:
                await self.letters.hasten(interaction)
            return plain(DiscordSpeaker().text(words.OPENED)) if is_open else closed()
        key, _colon, place = rest.partition(":")
        kept = await self.composer.kept(key, str(interaction.user.id))
        if kept is None:
            return await self._gone(interaction, key)
        if kind == "o":
            return self.composer.page(kept, _page(kept, place), from_ours=True)
        if kind == "s":
            return await self._submit(interaction, kept)
        return await self._turn(interaction, kept, _page(kept, place.partition(":")[0]))

    async def _press(self, interaction: Interaction) -> Outcome | None:
        custom_id = _custom_id(interaction)
        link = await links.followed(self.dispatch.storage, custom_id)
        if link is None:
            return plain(DiscordSpeaker().text(replace(words.LOST_LINK, places={"help": Run("mentor help")})))
        request = self._request(interaction, link.run, dict(link.args), community=link.community)
        return await self._ask(replace(request, pressed=await self.posting.pressed(interaction)))

    async def _turn(self, interaction: Interaction, kept: Kept, sheet: int) -> Outcome | None:
        """A page was filled in: on to the next one, or the whole is sent."""
        data = _data(interaction)
        values = forms.filled(kept.form, sheet, forms.submitted(data.get("components", [])))
        kept = Kept(kept.key, replace(kept.form, values=values))
        await self.composer.keep(kept)
        if sheet + 1 >= len(forms.sheets(kept.form)):
            return await self._submit(interaction, kept)
        with suppress(Refused):
            await self.dispatch.keep(self._request(interaction, kept.form.run, values, community=kept.form.community))
        return self.composer.next_page(kept, sheet + 1)

    async def _submit(self, interaction: Interaction, kept: Kept) -> Outcome | None:
        form = kept.form
        request = self._request(interaction, form.run, form.values, community=form.community)
        pressed = None if _is_ours(interaction) else await self.posting.pressed(interaction)
        event = request.event and f"f{kept.key}"  # of two presses one acts: the form is sent once
        request = replace(request, submitted=True, pressed=pressed, event=event)
        reply = await self.dispatch.answer_once(request)
        if reply is None:
            await self._close(interaction, kept, by="", sent=True)
            return await self._gone(interaction, kept.key)
        outcome = await self._compose(reply, request)
        shown = outcome if isinstance(outcome, Shown) else outcome.instead  # what is wrong is read before it is mended
        if asking.has_failed(reply):
            return self.composer.again(shown, kept)
        comes_back = isinstance(reply, Form) and self._is_same(reply, form)
        await self._close(interaction, kept, by=str(interaction.id), sent=not comes_back)
        return shown

    def _is_same(self, one: Form, other: Form) -> bool:
        return self.dispatch.command(one.run) == self.dispatch.command(other.run)

    async def _close(self, interaction: Interaction, kept: Kept, *, by: str, sent: bool) -> None:
        """The form has had its effect, and its answer is owed whatever becomes of its words."""
        try:
            await self.composer.close(kept, str(interaction.user.id), by=by, sent=sent)
        except Exception:
            log.exception("words of a sent form stay until it is forgotten")

    async def _gone(self, interaction: Interaction, key: str) -> Outcome | None:
        return await self.composer.gone(key, str(interaction.user.id), by=str(interaction.id))

    async def _ask(self, request: Request) -> Outcome | None:
        reply = await self.dispatch.answer_once(request)
        return None if reply is None else await self._compose(reply, request)

    async def _compose(self, reply: Reply, request: Request) -> Outcome:
        """What somebody sees of a reply. The command has run: a bug here does not undo it."""
        try:
            return await self.composer.reply(reply, request)
        except Exception:
            return Shown(await self.composer.sheets(asking.unshown(log_failure("answer not shown", platform=PLATFORM))))

    def _request(
        self, interaction: Interaction, text: str, args: Mapping[str, Answer], *, community: int | None = None
    ) -> Request:
        is_admin = interaction.guild_id is not None and interaction.permissions.manage_guild
        return Request(
            platform=PLATFORM,
            space=None if interaction.guild_id is None else str(interaction.guild_id),
            user=str(interaction.user.id),
            text=text,
            args=args,
            conversation="" if interaction.guild_id is None else str(interaction.channel_id or ""),
            community=community,
            name=interaction.user.display_name,
            is_admin=is_admin and self.dispatch.asks_admin(text),
            event="" if self._only_reads(text) else str(interaction.id),
        )

    def _only_reads(self, text: str) -> bool:
        """What writes nothing may well be answered twice: no event is written down for it."""
        with suppress(Refused):
            return self.dispatch.catalog.find(text)[0].reads
        return True

    def _may_open(self, interaction: Interaction) -> bool:
        """Whether the answer may be a modal, which has to come before anything else."""
        data = _data(interaction)
        if interaction.type is Kinds.modal_submit:
            return False
        kind, _colon, rest = _custom_id(interaction).partition(":")
        if interaction.type is Kinds.component and kind != "l":
            return kind != "s"
        text = tree.asked(data)[0] if interaction.type is Kinds.application_command else links.read(rest).run
        with suppress(Refused):
            return self.dispatch.catalog.find(text)[0].opens
        return False

    async def _suggest(self, interaction: Interaction) -> None:
        """Choices for what is being typed into an option; too late is none."""
        data = _data(interaction)
        path, args = tree.asked(data)
        name, typed = tree.focused(data)
        found: list[Choice] = []
        with suppress(Refused, TimeoutError):
            async with asyncio.timeout(AUTOCOMPLETE):
                found = list(await self._choices(self._request(interaction, path, args), name, typed))
        speaker = LabelSpeaker()
        choices = [
            discord.app_commands.Choice(name=cut(speaker.text(one.label), LONGEST_OPTION) or "…", value=one.value)
            for one in found
            if 0 < len(one.value) <= LONGEST_OPTION
        ]
        with suppress(discord.HTTPException):
            await interaction.response.autocomplete(choices[:MOST_OPTIONS])

    async def _choices(self, request: Request, name: str, typed: str) -> list[Choice]:
        if tree.is_zone(self.dispatch.catalog.find(request.text)[0], name):
            return [Choice(zone, zone.replace("_", " ")) for zone in matching_zones(typed)[:MOST_CHOICES]]
        return list(await self.dispatch.choices(replace(request, event=""), name, typed))


def _data(interaction: Interaction) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], interaction.data or {})


def _custom_id(interaction: Interaction) -> str:
    return str(_data(interaction).get("custom_id", ""))


def _is_ours(interaction: Interaction) -> bool:
    """Whether it comes from a message of a form's own."""
    custom_id = _custom_id(interaction)
    if custom_id.startswith("f:"):
        return custom_id.endswith(":1")
    if custom_id.startswith("d:"):  # in a thread of one person it stands below what they shall find again
        return interaction.message is not None and interaction.message.flags.ephemeral
    return custom_id.startswith(("o:", "s:"))


def _page(kept: Kept, place: str) -> int:
    number = int(place) if place.isascii() and place.isdigit() else 0
    return min(number, len(forms.sheets(kept.form)) - 1)
