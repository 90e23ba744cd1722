"""Messages as JSON and back, for letters that wait in the database."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from bot.ui.message import Message

_MESSAGES = TypeAdapter(Message)


def dump(message: Message) -> dict[str, Any]:
    """The message as JSON-ready values; `load` gives back an equal one."""
    return _MESSAGES.dump_python(message, mode="json")  # type: ignore[no-any-return]


def load(stored: dict[str, Any]) -> Message:
    """A message from what `dump` made."""
    return _MESSAGES.validate_python(stored)
