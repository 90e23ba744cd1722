"""What somebody can do now, by their part in the program."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ui import Button, Buttons, Message, Row, Rows, Run, Words, _, message

STEPS = (Button(_("Where do I stand?"), "mentor status"),)


def overview(groups: Sequence[tuple[Words, Sequence[tuple[str, Words]]]]) -> Message:
    """Commands in groups, each with what it is for."""
    parts = [part for title, commands in groups for part in (title, _rows(commands))]
    return message(
        _("**What you can do here**"),
        *parts,
        _("Every message of mine has buttons too, so you need not remember any of this."),
        Buttons(STEPS),
    )


def _rows(commands: Sequence[tuple[str, Words]]) -> Rows:
    return Rows(tuple(Row(_("{command}: {summary}", command=Run(path), summary=summary)) for path, summary in commands))
