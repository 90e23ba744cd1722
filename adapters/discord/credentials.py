"""What Discord needs to be set up. It loads nothing of the platform."""

from __future__ import annotations

from bot.settings import Settings


def are_set(settings: Settings) -> bool:
    """Whether Discord is set up."""
    return bool(settings.discord_token)
