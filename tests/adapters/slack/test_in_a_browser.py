"""Installing in a real browser, which keeps the cookie and obeys what the pages say that they may do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.adapters.slack.country import Land

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and not os.environ.get("REQUIRE_BROWSER"), reason="needs Debian's chromium"
    ),
]


async def test_somebody_installs_the_bot(land: Land) -> None:
    from playwright.async_api import async_playwright

    here = str(land.first.http._base_url).rstrip("/")
    land.country.back = f"{here}/slack/oauth_redirect"
    complaints: list[str] = []
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = await chromium.new_page(color_scheme="dark")
        page.on("console", lambda said: complaints.append(said.text))
        page.set_default_timeout(30_000)
        await page.goto(f"{here}/slack/install")
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 26, 28)"
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.get_by_text("mentorbot is in your workspace.").wait_for()
        assert await page.context.cookies() == []
        await page.reload()
        await page.get_by_role("button", name="Begin again").click()
        await page.get_by_text("mentorbot has its rights anew.").wait_for()
        await chromium.close()
    assert [said for said in complaints if "status of 400" not in said and "favicon" not in said] == []
