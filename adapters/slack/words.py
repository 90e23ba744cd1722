"""What this adapter alone says."""

from __future__ import annotations

from bot.ui import Run, Words, _

EVERYTHING = _("The mentoring program: taking part, and running it")
"""What the one slash command is for, where only one is installed."""

MORE = _("There is more than fits here. {status} shows you all of it.", status=Run("mentor status"))
"""The end of a Home tab that is too short for its reader's status."""


def no_right(scope: str) -> Words:
    """The app was installed without a right that it needs: only whoever installed it can change that."""
    return _(
        "Slack does not let me do that here: the app lacks the right {scope}. Whoever installed me can add it under "
        "“OAuth & Permissions” and install me again.",
        scope=scope,
    )


def not_sent(name: str) -> Words:
    """A file that could not be made or shared."""
    return _("I could not send {name}. Please ask for it again a little later.", name=name)
