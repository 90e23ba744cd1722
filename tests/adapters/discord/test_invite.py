"""The invitation asks for what the bot uses, and the page for operators says the same."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord import invite
from adapters.discord.credentials import are_set
from adapters.discord.gateway import intents
from bot.settings import Misconfigured, Settings, load

PAGE = Path(__file__).parents[3] / "docs" / "operating.md"


def test_the_link_asks_for_exactly_the_rights_that_have_a_reason() -> None:
    query = parse_qs(urlsplit(invite.link(42)).query)

    assert int(query["permissions"][0]) == discord.Permissions(**dict.fromkeys(invite.RIGHTS, True)).value
    assert query["scope"] == ["bot applications.commands"]
    assert query["client_id"] == ["42"]


def test_the_page_for_operators_gives_the_same_reasons() -> None:
    page = PAGE.read_text(encoding="utf-8")

    for right, reason in invite.RIGHTS.items():
        assert f"| {invite.discord_name(right)} | {reason} |" in page


@pytest.mark.parametrize(("token", "number"), [("MTIzNA.x.y", 1234), ("", None), ("nonsense", None), ("é", None)])
def test_the_application_stands_in_its_token(token: str, number: int | None) -> None:
    assert invite.application_of(token) == number


def test_discord_is_set_up_by_its_token_alone() -> None:
    assert not are_set(Settings(discord_token=""))
    assert are_set(Settings(discord_token="x.y.z"))
    assert "x.y.z" not in repr(Settings(discord_token="x.y.z"))


@pytest.mark.parametrize("members", [False, True])
def test_discord_is_asked_to_tell_as_little_as_will_do(members: bool) -> None:
    asked = {name for name, is_asked in intents(Settings(discord_members=members)) if is_asked}

    assert asked == {"guilds", "dm_messages"} | ({"members"} if members else set())


@pytest.mark.parametrize(
    ("address", "is_right"),
    [("http://127.0.0.1:8080/api/v10/", True), ("http://example.org", False), ("ftp://127.0.0.1", False), ("x", False)],
)
def test_the_api_is_reached_by_https_or_on_this_machine(
    address: str, is_right: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_API_BASE", address)
    if is_right:
        assert load().discord_api_base == "http://127.0.0.1:8080/api/v10"
        return
    with pytest.raises(Misconfigured, match="DISCORD_API_BASE must be"):
        load()
