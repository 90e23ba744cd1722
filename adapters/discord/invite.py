"""The link that invites the bot to a server, with exactly the rights that it uses."""

from __future__ import annotations

import base64
import binascii

import discord

RIGHTS = {
    "view_channel": "see the channels it was let into; without it the bot is nowhere",
    "send_messages": "post the call, and the liaisons' summary; without it nobody hears of a program",
    "create_private_threads": "open a room for each pair; without it a pair has no place of its own",
    "send_messages_in_threads": "bring both people into their room and introduce them there",
    "attach_files": "show the charts of a summary, and send the file of a cohort; without it neither arrives",
    "read_message_history": "look for a letter of its own after a broken connection, so that none comes twice",
}
"""Each right with its reason, in the words of `docs/operating.md`."""

SCOPES = ("bot", "applications.commands")


def link(application: int) -> str:
    """Where an admin invites this application."""
    permissions = discord.Permissions(**dict.fromkeys(RIGHTS, True))
    return discord.utils.oauth_url(application, permissions=permissions, scopes=SCOPES)


def application_of(token: str) -> int | None:
    """The application's number, which stands in its token; nothing in what is no token."""
    part = token.partition(".")[0]
    try:
        number = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return int(number) if number.isascii() and number.isdigit() else None


def page(application: int) -> str:
    """The link, and what each right is for."""
    reasons = "".join(f"\n  {discord_name(right)}: {reason}." for right, reason in RIGHTS.items())
    return f"{link(application)}\n\nWhat it asks for, and why:{reasons}"


def discord_name(right: str) -> str:
    """A right as Discord's settings call it."""
    return {"view_channel": "View Channels", "send_messages_in_threads": "Send Messages in Threads"}.get(
        right, right.replace("_", " ").title()
    )
