"""What an admin pastes to create the app."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from adapters.slack.connect import HEARD
from adapters.slack.manifest import EVENTS, EXAMPLE, OPTIONAL, SCOPES, manifest, written
from commands import CATALOG
from tests.adapters.slack.contract import read

FILE = Path(__file__).parents[3] / "docs" / "slack-manifest.json"


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"url": ""},
        {"only": "mentor"},
        {"installed_at": EXAMPLE},
        {"url": "", "installed_at": EXAMPLE},
        {"name": "The mentoring program of a very long association" * 3},
    ],
    ids=str,
)
def test_slack_takes_the_manifest(version: str, choices: dict[str, str]) -> None:
    schema: dict[str, Any] = read(f"manifest.schema.{version}.json")
    assert list(Draft7Validator(schema).iter_errors(manifest(CATALOG, **choices))) == []


def test_the_kept_manifest_is_as_the_catalog_is() -> None:
    assert FILE.read_text(encoding="utf-8") == written(manifest(CATALOG)), (
        "run: mentorbot slack manifest --url https://mentorbot.example.org > docs/slack-manifest.json"
    )


def test_every_listed_command_has_its_slash_command() -> None:
    installed = {one["command"] for one in manifest(CATALOG)["features"]["slash_commands"]}
    assert installed == {f"/{command.path.split()[0]}" for command in CATALOG.commands.values() if command.listed}


def test_one_command_is_enough() -> None:
    features = manifest(CATALOG, only="mentor")["features"]
    assert [one["command"] for one in features["slash_commands"]] == ["/mentor"]
    assert "goals set" in features["slash_commands"][0]["usage_hint"]
    assert features["slash_commands"][0]["description"] == "The mentoring program: taking part, and running it"


@pytest.mark.parametrize("only", ["", "mentor"])
def test_everything_that_the_bot_takes_is_switched_on(only: str) -> None:
    made = manifest(CATALOG, url="https://bot.example/", only=only)
    features, settings, there = made["features"], made["settings"], "https://bot.example/slack/events"
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    for command in features["slash_commands"]:
        assert (command["url"], command["should_escape"]) == (there, True)
        assert command["usage_hint"]
    assert settings["interactivity"] == {
        "is_enabled": True,
        "request_url": there,
        "message_menu_options_url": there,
    }
    assert settings["event_subscriptions"]["request_url"] == there
    assert settings["socket_mode_enabled"] is False


def test_every_right_is_asked_for_and_some_may_be_refused() -> None:
    scopes = manifest(CATALOG)["oauth_config"]["scopes"]
    optional = {"users:read.email", "mpim:history", "channels:history", "groups:history"}
    needed = {
        "commands", "chat:write", "im:write", "im:history", "mpim:write",
        "users:read", "channels:read", "groups:read", "files:write", "files:read",
    }  # fmt: skip
    assert set(scopes["bot"]) == needed | optional
    assert set(scopes["bot_optional"]) == optional


def test_over_a_socket_no_address_is_named() -> None:
    made = manifest(CATALOG, url="")
    assert made["settings"]["socket_mode_enabled"] is True
    assert "https://" not in written(made)


def test_an_association_gives_it_its_name() -> None:
    made = manifest(CATALOG, name="Library Mentoring")
    assert made["display_information"]["name"] == "Library Mentoring"
    assert made["features"]["bot_user"]["display_name"] == "Library Mentoring"


def test_only_an_app_for_many_workspaces_sends_browsers_anywhere() -> None:
    assert "redirect_urls" not in manifest(CATALOG)["oauth_config"]
    many = manifest(CATALOG, installed_at="https://bot.example/")
    assert many["oauth_config"]["redirect_urls"] == ["https://bot.example/slack/oauth_redirect"]


def test_the_events_that_are_asked_for_are_those_that_are_heard() -> None:
    assert {event.partition(".")[0] for event in EVENTS} == HEARD


def test_operating_gives_every_scope_its_reason() -> None:
    page = (FILE.parent / "operating.md").read_text(encoding="utf-8")
    for scope, reason in (SCOPES | OPTIONAL).items():
        assert f"| `{scope}` | {reason} |" in page
