"""What the sandbox takes and gives. It has no platform's limits, only those that keep a browser quick."""

from __future__ import annotations

from datetime import timedelta

MOST_BYTES = 1_000_000
"""A request's body; a larger one is refused."""

LONGEST_TEXT = 20_000
"""Characters of one typed text; the bot itself reads fewer."""

LONGEST_RUN = 1_000
"""Characters of a command text that a button or a form carries."""

MOST_ANSWERS = 200
"""Fields in one request, and answers in one field."""

MOST_SHOWN = 400
"""Messages of a conversation that the page shows, the newest ones."""

MOST_PEOPLE = 500
"""People in a sandbox: the page shows them all."""

FARTHEST = timedelta(days=3 * 366)
"""How far the clock turns in one request."""
