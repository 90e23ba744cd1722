"""What Discord takes. Its API description says some of it; the rest stands in its documentation only."""

from __future__ import annotations

LONGEST_CONTENT = 2000
"""Characters of a message."""

MOST_ROWS, MOST_IN_ROW = 5, 5
"""Rows of buttons in a message, and buttons in a row."""

MOST_FILES = 10

LONGEST_BUTTON = 80
LONGEST_CUSTOM_ID = 100
LONGEST_URL = 512

LONGEST_TITLE = 45
LONGEST_LABEL = 45
LONGEST_DESCRIPTION = 100
LONGEST_INPUT = 4000
LONGEST_DISPLAY = 1500
"""Characters of a text among the questions; Discord takes 4000 of all texts of a modal together."""

MOST_QUESTIONS = 5
"""Top-level parts of a modal."""

MOST_OPTIONS = 25
"""Options of a select, choices of an option, options of a command, commands of a group."""

LONGEST_OPTION = 100
"""Characters of an option's label and of its value."""

LONGEST_COMMAND_TEXT = 100
"""Characters of a description of a command or of its option."""

LONGEST_ALT = 1024

SOON, LATEST = 1.0, 2.0
"""Seconds after which an answer is put off, without and with the chance of a form. Discord waits for three."""

AUTOCOMPLETE = 2.5
"""Seconds in which choices have to be found: they cannot be put off."""


def cut(text: str, most: int) -> str:
    """A text that fits, cut between two words where it can be, and marked as cut."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    begin, _blank, _rest = kept.rpartition(" ")
    return f"{(begin if len(begin) > most // 2 else kept).rstrip(' ,;:.')}…"
