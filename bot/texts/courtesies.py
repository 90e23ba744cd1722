"""The obvious answers to a hello, to a thank-you, and to the wish to stop."""

from __future__ import annotations

from bot.ui import Button, Buttons, Message, _, message

_STEPS = (Button(_("Where do I stand?"), "mentor status"), Button(_("What can I do here?"), "mentor help"))


def welcome() -> Message:
    """Somebody says thank you."""
    return message(_("You are welcome. It was a pleasure."))


def hello() -> Message:
    """Somebody says hello."""
    return message(_("Hello. I look after the mentoring program here."), Buttons(_STEPS))


def leave() -> Message:
    """Somebody would like to stop: it can be less for a while, or the end, and both are asked once more."""
    return message(
        _("You can leave at any time, or have no letters for a while. Nothing happens before I have asked once more."),
        Buttons((Button(_("Leave"), "mentor leave"), Button(_("Pause my letters"), "mentor pause"))),
        notice=_("You can leave at any time"),
    )
