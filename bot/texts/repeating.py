"""A message that may have arrived before."""

from __future__ import annotations

from dataclasses import replace

from bot.ui import Message, Text, _


def again(message: Message) -> Message:
    """The same message, sent once more because nobody can tell whether it arrived; its notice stays."""
    seen = Text(_("You may have seen this already."))
    if seen in message.parts:
        return message
    return replace(message, parts=(seen, *message.parts), own_notice=message.notice)
