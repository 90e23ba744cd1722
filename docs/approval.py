"""Writes docs/approval.md, for whoever approves the Slack app: python -m docs.approval."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from adapters.slack.manifest import BACK, INSTALL, OPTIONAL, PATH, SCOPES, WITHOUT
from adapters.slack.states import LASTS
from bot.services.drafts import FRESH
from bot.services.spaces import MEMORY

PAGE = Path(__file__).parent / "approval.md"

_ALWAYS = "until the database is deleted"

STORED = (
    ("Slack's ids of the workspace, of channels that the bot is in, and of people who have used it", _ALWAYS),
    ("their names and time zones", _ALWAYS),
    ("mail addresses that a coordinator typed; with `users:read.email` also those of people who have used it", _ALWAYS),
    ("applications, contact details for a partner, goals, a parting line to a partner", _ALWAYS),
    ("talks that were noted, and notes on them", f"{_ALWAYS}, or who wrote them takes them back"),
    ("answers to letters (“we talked”), and that somebody asked for help, without words", _ALWAYS),
    ("what somebody has begun to fill in", "until it is sent"),
    ("words typed to the bot that are no command", "{fresh}, unless they are used before"),
    ("letters", "their words until they have arrived or lost their point, then the receipt alone"),
    ("lines of news that came inside a letter", "until that letter is over, mostly two weeks"),
    ("an audit trail of numbers and states, never of words", _ALWAYS),
    ("Slack's ids of events, so that none counts twice", "{memory}"),
    ("who has opened the bot's Home tab, and when first", _ALWAYS),
    ("Slack's ids of files that came with letters, so that none comes twice; never the files", "a month or so"),
    (
        "the bot's token, where workspaces install it themselves; sealed with a key that is not in the database",
        "until it is removed there",
    ),
    ("the digest of a code that joins two communities or two accounts", "until both sides have answered, a day or so"),
    ("the digest of an installation that somebody has begun", "of no use after {lasts}, and gone when the next begins"),
)

HOSTS = (
    ("`slack.com`", "Slack's Web API; browsers are sent there to be asked whether the bot may be installed"),
    ("`hooks.slack.com`", "answers to commands and presses, at addresses that Slack gives"),
    ("`files.slack.com`", "charts and files for whoever asked for them, at addresses that Slack gives"),
    ("`wss-primary.slack.com`, `wss-backup.slack.com`", "Socket Mode alone, at addresses that Slack gives"),
    ("the database's", "if that is on another machine"),
)

_TOP = """# Approving mentorbot in Slack

For whoever decides whether mentorbot may come into a workspace. It runs mentoring programs: people apply, pairs are
formed, each pair gets a conversation and a word at the right time. It acts as a bot alone: it asks for no right to act
as a person, and for no installation across an organization. It runs on a machine of the association or of its IT
department; no service of anybody else stands behind it.

## What it asks for
"""

_BETWEEN = "An admin may leave these out:\n"

_STORAGE = """## What is stored, where and how long

All in one database, SQLite or PostgreSQL, at the address `DATABASE_URL` that whoever runs mentorbot has chosen. It
seals nothing there but tokens: protecting the disk and the backups is up to them.
"""

_READERS = """Messages that it has posted lie in Slack for as long as the workspace keeps messages. Logs hold ids, never
what people wrote, and lie where whoever runs mentorbot keeps them. For one workspace alone the token is a setting of
the process, and in no database.

## Who reads it

- [Who sees what](privacy.md) says who in the program reads each thing that somebody writes. An admin of the workspace
  has no rights in the bot by that, except to become a coordinator or to name one, which all coordinators are told.
- Whoever can open the database can read it, but for the tokens.
- It goes to nobody but Slack, and Discord if that is set up beside it.

The bot reads what is written to it directly, what is sent in its forms, and which of its buttons are pressed. It reads
no channel and no conversation of a pair: the optional histories serve to look for its own posts. Slack tells it of
every change of a profile; it minds only whether an account was closed or opened, and only of people who have used it.
Of who joins it minds only whether a coordinator has entered their mail address.

## Hosts that it contacts
"""

_END = f"""Nothing else: no statistics, no fonts, no search for updates. Over HTTP Slack comes to `{PATH}`, where
whatever Slack has not signed is refused. Where workspaces install it themselves, browsers come to `{INSTALL}` and
`{BACK}`.

## How to remove it, and what is deleted

Remove the app under Slack's *Manage apps*.

- At once its token opens nothing any more. Where workspaces install it themselves, the row with the token is deleted,
  and the others go on.
- What the association has told it is kept: letters wait, and installing it again continues where it was.
- To delete that too, whoever runs mentorbot deletes the database and its backups. There is no command that deletes all
  of one person or of one workspace.
- What it has posted stays in Slack, under the workspace's own rules.
"""


def page() -> str:
    """The page as Markdown."""
    spans = {"fresh": _words(FRESH), "memory": _words(MEMORY), "lasts": _words(LASTS)}
    rights = ("right", "what it is for", "what fails without it")
    return "\n".join(
        (
            _TOP,
            _table(rights, ((f"`{right}`", reason, WITHOUT[right]) for right, reason in SCOPES.items())),
            _BETWEEN,
            _table(rights, ((f"`{right}`", reason, WITHOUT[right]) for right, reason in OPTIONAL.items())),
            _STORAGE,
            _table(("what", "how long"), ((what, span.format(**spans)) for what, span in STORED)),
            _READERS,
            _table(("host", "what for"), HOSTS),
            _END,
        )
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:], ""])


def _words(span: timedelta) -> str:
    if span < timedelta(hours=1):
        return f"{span // timedelta(minutes=1)} minutes"
    days = span // timedelta(days=1)
    return "a day" if days == 1 else f"{days} days"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
