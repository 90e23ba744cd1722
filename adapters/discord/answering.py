"""Giving an answer to an interaction: at once, or after it was acknowledged."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import discord

from adapters.discord.composing import Asked, Outcome, Sheet, Shown

Interaction = discord.Interaction[discord.Client]


class Rows(discord.ui.View):
    """Rows of buttons as they are. The library keeps nothing of them: what is pressed is read from its link."""

    def __init__(self, components: Sequence[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._components = components
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        """The rows as Discord's."""
        return list(self._components)


class Questions(discord.ui.Modal, title="…"):
    """A modal as it is; its answers are read from the interaction that brings them."""

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__(custom_id=payload["custom_id"], timeout=None)
        self._payload = payload
        self.stop()

    def to_dict(self) -> dict[str, Any]:
        """The modal as Discord's."""
        return self._payload


def files(sheet: Sheet) -> list[discord.File]:
    """Its files as attachments, with the words that say what an image shows."""
    return [
        discord.File(io.BytesIO(one.content), filename=one.name, description=one.alt or None) for one in sheet.files
    ]


async def put_off(interaction: Interaction) -> None:
    """Acknowledge: the answer follows. A pressed message stays as it is, a command shows that the bot thinks."""
    if interaction.message is not None:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=interaction.guild_id is not None, thinking=True)


async def give(interaction: Interaction, outcome: Outcome, *, ours: bool) -> None:
    """Show an answer. `ours`: it comes from a message of a form's own, which has done its duty and is replaced."""
    if isinstance(outcome, Asked):
        can_open = interaction.type is not discord.InteractionType.modal_submit and not interaction.response.is_done()
        if can_open:
            await interaction.response.send_modal(Questions(outcome.modal))
            return
        outcome = outcome.instead
    replaces = interaction.message is not None and _takes_its_place(outcome, ours=ours)
    first, *further = outcome.sheets
    if interaction.response.is_done():
        await _follow(interaction, first, outcome, replaces=replaces)
    elif replaces:
        await interaction.response.edit_message(
            content=first.content, view=Rows(first.components), attachments=files(first)
        )
    else:
        await interaction.response.send_message(
            first.content, view=Rows(first.components), files=files(first), ephemeral=_is_hidden(interaction, outcome)
        )
    for sheet in further:
        await _send(interaction, sheet, outcome)


def _takes_its_place(outcome: Shown, *, ours: bool) -> bool:
    return outcome.changes or (ours and outcome.private and not outcome.beside)


async def also(interaction: Interaction, shown: Shown) -> None:
    """Say something more to the person who was answered."""
    for sheet in shown.sheets:
        await _send(interaction, sheet, shown)


async def _follow(interaction: Interaction, first: Sheet, outcome: Shown, *, replaces: bool) -> None:
    """The answer after it was put off: whoever typed a command sees the bot think, and that becomes the answer."""
    if replaces or interaction.message is None:
        await interaction.edit_original_response(
            content=first.content, view=Rows(first.components), attachments=files(first)
        )
    else:
        await _send(interaction, first, outcome)


async def _send(interaction: Interaction, sheet: Sheet, outcome: Shown) -> None:
    await interaction.followup.send(
        sheet.content,
        view=Rows(sheet.components),
        files=files(sheet),
        ephemeral=_is_hidden(interaction, outcome),
        wait=True,
    )


def _is_hidden(interaction: Interaction, outcome: Shown) -> bool:
    """Whether one person alone sees it. In a direct message nobody else could, and there it stays to be read again."""
    return outcome.private and interaction.guild_id is not None
