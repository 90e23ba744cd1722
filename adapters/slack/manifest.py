"""The app manifest: what a workspace's admin pastes to create the app, made from the catalog."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack import limits, words
from adapters.slack.inputs import cut
from adapters.slack.speaker import SlackSpeaker
from commands.catalog import Catalog
from commands.help import GROUPS
from commands.spec import Command

PATH = "/slack/events"
"""Where Slack sends everything: commands, presses, modals and events."""

INSTALL = "/slack/install"
"""Where an admin begins to install the bot in one more workspace."""

BACK = "/slack/oauth_redirect"
"""Where Slack sends that admin's browser back."""

EXAMPLE = "https://mentorbot.example.org"
"""Stands for the bot's own address in the manifest that is kept in the repository."""

SCOPES: Mapping[str, str] = {
    "commands": "people ask the bot by its slash commands",
    "chat:write": "it posts letters, and the call in channels that it was invited to",
    "im:write": "it writes to people directly",
    "im:history": "it reads what people write to it, and looks whether a letter arrived before sending it again",
    "mpim:write": "it opens one conversation for each pair, with the two of them and itself",
    "users:read": "it learns a person's name and time zone, whether they rule the workspace, and if they have left",
    "channels:read": "it offers the public channels that it was invited to, by name",
    "groups:read": "it offers the private channels that it was invited to, by name",
    "files:write": "it uploads charts of a program, and files for whoever asked for them",
    "files:read": "it sees when an uploaded chart is ready to be shown, and that a file has arrived",
}
"""What the bot has to be allowed, each with its reason."""

OPTIONAL: Mapping[str, str] = {
    "users:read.email": "somebody whom a coordinator entered by mail is recognized when they join",
    "mpim:history": "it looks whether a letter arrived in a pair's conversation before sending it again",
    "channels:history": "it looks whether a letter arrived in a public channel before sending it again",
    "groups:history": "it looks whether a letter arrived in a private channel before sending it again",
}
"""What makes some things better, and may be refused."""

WITHOUT: Mapping[str, str] = {
    "commands": "there are no slash commands; buttons, and words typed to the bot, go on working",
    "chat:write": "nothing is posted: no letter, no call, no conversation of a pair",
    "im:write": "it opens no direct message: letters may not arrive, and are not looked for when a sending broke off",
    "im:history": "words typed to it get no answer, and a letter whose sending broke off may come twice or not at all",
    "mpim:write": "pairs get no conversation of their own, and so no introduction there",
    "users:read": "no letter goes out, since it looks first whether an account is open, and no admin can set it up",
    "channels:read": "it knows no public channel: none can be chosen for the call",
    "groups:read": "it knows no private channel: none can be chosen for the liaisons",
    "files:write": "letters come without their charts; what the charts say stands there in words",
    "files:read": "the same, since it never learns that a chart is ready",
    "users:read.email": "a coordinator says who is who (`/cohort person arrived`)",
    "mpim:history": "a letter to a pair whose sending broke off is sent again with a line that says so, or left out",
    "channels:history": "the same in public channels",
    "groups:history": "the same in private channels",
}
"""What fails where a right was not given."""

EVENTS = (
    "app_home_opened", "app_uninstalled", "channel_archive", "channel_deleted", "channel_left", "channel_rename",
    "channel_unarchive", "group_archive", "group_deleted", "group_left", "group_rename", "group_unarchive",
    "member_joined_channel", "member_left_channel", "message.im", "team_join", "tokens_revoked", "user_change",
)  # fmt: skip

_DESCRIPTION = "Runs whole mentoring programs: applications, pairs, goals, and a word at the right time."


def manifest(
    catalog: Catalog, *, name: str = "mentorbot", url: str = EXAMPLE, only: str = "", installed_at: str = ""
) -> dict[str, Any]:
    """The manifest. Without a `url` the app uses Socket Mode; `only` leaves one slash command, behind which all run.

    `installed_at` is the bot's address for the browsers of those who install it in workspaces of their own.
    """
    address = f"{url.rstrip('/')}{PATH}" if url else ""
    back = {"redirect_urls": [f"{installed_at.rstrip('/')}{BACK}"]} if installed_at else {}
    return {
        "display_information": {"name": cut(name, limits.APP_NAME), "description": _DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": cut(name, limits.BOT_NAME), "always_online": True},
            "slash_commands": [_with_url(one, "url", address) for one in _commands(catalog, only)],
        },
        "oauth_config": back | {"scopes": {"bot": [*SCOPES, *OPTIONAL], "bot_optional": list(OPTIONAL)}},
        "settings": {
            "event_subscriptions": _with_url({"bot_events": list(EVENTS)}, "request_url", address),
            "interactivity": _with_url(
                _with_url({"is_enabled": True}, "request_url", address), "message_menu_options_url", address
            ),
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def written(found: Mapping[str, Any]) -> str:
    """A manifest as a file."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _commands(catalog: Catalog, only: str) -> list[dict[str, Any]]:
    speaker = SlackSpeaker()
    listed = [command for command in catalog.commands.values() if command.listed]
    firsts = [only] if only else list(dict.fromkeys(command.path.split()[0] for command in listed))
    return [
        {
            "command": f"/{first}",
            "description": speaker.text(words.EVERYTHING if only else GROUPS[first]),
            "usage_hint": cut(_hint([c for c in listed if only or c.path.split()[0] == first], only), limits.HINT),
            "should_escape": True,
        }
        for first in firsts
    ]


def _hint(commands: Sequence[Command], only: str) -> str:
    """What can stand behind a command's first word."""
    paths = [command.path.removeprefix("mentor ") if only else command.path.partition(" ")[2] for command in commands]
    return " | ".join(paths)


def _with_url(part: dict[str, Any], name: str, url: str) -> dict[str, Any]:
    return part | ({name: url} if url else {})
