"""The page for whoever approves the app says what is true of it."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.slack.manifest import BACK, INSTALL, OPTIONAL, PATH, SCOPES, WITHOUT, manifest
from commands import CATALOG
from docs.approval import PAGE, page

ROOT = Path(__file__).parents[3]


def test_the_kept_page_is_as_the_code_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m docs.approval"


def test_every_right_says_what_fails_without_it() -> None:
    assert list(WITHOUT) == [*SCOPES, *OPTIONAL]


def test_the_bot_asks_for_no_right_to_act_as_a_person() -> None:
    made = manifest(CATALOG)
    assert set(made["oauth_config"]["scopes"]) == {"bot", "bot_optional"}
    assert made["settings"]["org_deploy_enabled"] is False


def test_every_address_that_it_serves_is_named() -> None:
    for address in (PATH, INSTALL, BACK):
        assert f"`{address}`" in page()


def test_no_other_host_stands_in_the_code() -> None:
    sources = [path.read_text() for part in ("bot", "commands", "adapters") for path in (ROOT / part).rglob("*.py")]
    found = {host for text in sources for host in re.findall(r"(?:https?|wss)://([a-z][a-z0-9.-]+\.[a-z]+)", text)}
    examples = {host for host in found if host.endswith("example.org")}
    assert found - examples - {"discord.com"} == {"slack.com"}
    assert "`slack.com`" in page()
