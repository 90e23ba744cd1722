"""The page in a real browser: at a desk and on a phone, by pointer and by keys."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.serve import beat
from tests.adapters.sandbox.conftest import Caller

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(
        not CHROMIUM.exists() and not os.environ.get("REQUIRE_BROWSER"), reason="needs Debian's chromium"
    ),
]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Any]:
    """Chromium, started once."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        await chromium.close()


class Visitor:
    """Somebody who looks at the page; whatever the browser complains about is kept in `complaints`."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.set_default_timeout(30_000)

    def _listen(self, said: Any) -> None:
        if said.type in ("error", "warning") and "status of 400" not in said.text:  # Chromium's note of a refused form
            self.complaints.append(said.text)

    async def writes(self, text: str) -> None:
        await self.page.fill("#text", text)
        await self.page.press("#text", "Escape")
        await self.page.press("#text", "Enter")

    async def sees(self, text: str) -> None:
        await self.page.locator("#log").get_by_text(text).last.wait_for()

    async def presses(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).click()

    async def becomes(self, name: str) -> None:
        await self.page.locator("#people").get_by_role("button", name=name).click()
        await self.page.locator("#me").get_by_text(name, exact=True).wait_for()


@pytest.fixture
async def visit(sandbox: Caller, browser: Any) -> AsyncIterator[Any]:
    """Open the page of a sandbox with three people; `await visit()` or `await visit(PHONE)`."""
    for name in ("Olga", "Ada", "Ben"):
        await sandbox.person(name, timezone="America/New_York")
    stop = asyncio.Event()
    beating = asyncio.create_task(beat(sandbox.playground, stop))
    contexts: list[Any] = []
    visitors: list[Visitor] = []

    async def open_page(size: dict[str, int] = DESK, **more: Any) -> Visitor:
        contexts.append(await browser.new_context(viewport=size, **more))
        visitors.append(Visitor(await contexts[-1].new_page()))
        await visitors[-1].page.goto(sandbox.base)
        await visitors[-1].page.locator("#people button").first.wait_for(state="attached")
        return visitors[-1]

    yield open_page
    for context in contexts:
        await context.close()
    stop.set()
    await beating
    assert [complaint for one in visitors for complaint in one.complaints] == []


async def test_a_typed_command_is_answered_at_once(visit: Any) -> None:
    ada = await visit()
    await ada.writes("/trial here")
    await ada.sees("Place 0.")
    await ada.sees("/trial here")


async def test_a_command_is_completed_by_keys_alone(visit: Any) -> None:
    ada = await visit()
    await ada.page.focus("#text")
    await ada.page.keyboard.type("/trial le")
    option = ada.page.get_by_role("option", name="/trial letter")
    await option.wait_for()
    assert await option.get_attribute("aria-selected") == "true"
    await ada.page.keyboard.press("Enter")
    assert await ada.page.input_value("#text") == "/trial letter "
    await ada.page.get_by_role("option", name="to:").wait_for()
    await ada.page.keyboard.press("Tab")
    await ada.page.get_by_role("option", name="Ben").wait_for()
    await ada.page.keyboard.type("be")
    await ada.page.get_by_role("option", name="Olga").wait_for(state="detached")
    await ada.page.keyboard.press("ArrowDown")
    await ada.page.keyboard.press("Enter")
    await ada.page.keyboard.type("days:0")
    await ada.page.keyboard.press("Escape")
    await ada.page.keyboard.press("Enter")
    await ada.sees("It is on its way.")


_IS_WHOLE = """() => {
  const list = document.querySelector("dialog .options:not([hidden])").getBoundingClientRect();
  const fields = document.querySelector("dialog .fields").getBoundingClientRect();
  return list.height > 0 && list.bottom <= fields.bottom + 1;
}"""


async def test_a_form_is_filled_in_page_by_page(visit: Any) -> None:
    ada = await visit()
    await ada.writes("/trial form")
    form = ada.page.get_by_role("dialog")
    await form.get_by_text("Step 1 of 3").wait_for()
    await form.get_by_role("button", name="Next").click()
    wrong = form.get_by_role("group", name="What would you like to learn about?").get_by_text("Please choose here.")
    await wrong.wait_for()
    assert await ada.page.evaluate("document.activeElement.previousSibling.textContent") == "First choice"
    await form.get_by_label("First choice").select_option("cataloging")
    assert not await wrong.is_visible(), "it is mended"
    zone = form.get_by_role("combobox", name="Your time zone")
    await zone.fill("kolk")
    await form.get_by_role("option", name="Kolkata – India").wait_for()
    assert await ada.page.evaluate(_IS_WHOLE), "the list is not cut off by the edge of the form"
    await zone.press("Enter")
    assert await zone.input_value() == "Kolkata – India"
    await form.get_by_label("The name that your partner should read").fill("nobody")
    await form.get_by_role("button", name="Next").click()
    await form.get_by_label("cataloging and metadata").first.check()
    await form.get_by_label("I have read the code of conduct").check()
    assert await form.get_by_role("button", name="Add more").is_visible()
    await form.get_by_role("button", name="Send").click()
    refused = ada.page.get_by_role("dialog").get_by_text("That name is taken by nobody.")
    await refused.wait_for()
    name = ada.page.get_by_role("dialog").get_by_label("The name that your partner should read")
    assert await name.get_attribute("aria-invalid") == "true"
    assert await name.evaluate("element => element === document.activeElement")
    await name.fill("Ada")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Next").click()
    await ada.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await ada.sees("Thank you, Ada.")
    assert await ada.page.get_by_role("dialog").count() == 0


async def test_a_form_that_is_left_is_kept(visit: Any) -> None:
    ada = await visit()
    await ada.writes("/trial form")
    await ada.page.get_by_label("The name that your partner should read").fill("Ada Lovely")
    await ada.page.keyboard.press("Escape")
    await ada.page.get_by_text("What you began is kept.").wait_for()
    await ada.writes("/trial form")
    assert await ada.page.get_by_label("The name that your partner should read").input_value() == "Ada Lovely"


async def test_a_button_changes_its_message_in_place(visit: Any) -> None:
    ada = await visit()
    await ada.writes("/trial tap")
    await ada.presses("cataloging and metadata")
    await ada.sees("Noted: cataloging.")
    assert await ada.page.locator("#log article").count() == 2
    assert await ada.page.evaluate("document.activeElement.matches('article')")


async def test_turning_the_clock_brings_a_letter_to_somebody_else(visit: Any) -> None:
    olga = await visit()
    await olga.becomes("Olga")
    await olga.writes("/trial letter to:Ben days:3")
    await olga.page.locator("#due").get_by_text("in 3 days").wait_for()
    await olga.presses("A week")
    await olga.page.get_by_text("A week later. New messages for Ben.").wait_for()
    ben = olga.page.locator("#people").get_by_role("button", name="Ben")
    await ben.get_by_text("new messages").wait_for()
    await olga.becomes("Ben")
    await olga.sees("Olga wrote to you.")
    await ben.get_by_text("new messages").wait_for(state="detached")


async def test_two_pages_see_each_other_talk(visit: Any) -> None:
    here, there = await visit(), await visit()
    await here.becomes("Ada")
    await there.becomes("Ben")
    await here.writes("/trial room Ben")
    for page in (here, there):
        await page.page.locator("#conversations").get_by_role("button", name="Ada and Ben").click()
        await page.sees("Ada, meet Ben.")
    await here.writes("Does Tuesday suit you?")
    await there.sees("Does Tuesday suit you?")


async def test_what_people_write_is_never_taken_for_html(visit: Any, sandbox: Caller) -> None:
    await sandbox.person('<img src=x onerror="window.hurt=1">')
    ada = await visit()
    await ada.writes("/trial parts <b>x</b>")
    await ada.sees("<script>alert(1)</script>")
    assert await ada.page.evaluate("window.hurt === undefined && !document.querySelector('#log script, img[src=x]')")


async def test_somebody_is_added_and_everything_begins_anew(visit: Any) -> None:
    page = await visit()
    await page.presses("Add a person")
    form = page.page.get_by_role("dialog")
    await form.get_by_label("Name").fill("Carla")
    await form.get_by_label("Time zone").fill("Atlantis")
    await form.get_by_role("button", name="Add").click()
    await form.get_by_text("I do not know the time zone").wait_for()
    await form.get_by_label("Time zone").fill("Denver")
    await form.get_by_role("button", name="Add").click()
    await page.page.locator("#me").get_by_text("Carla").wait_for()
    await page.presses("Start over")
    await page.presses("With nobody")
    await page.sees("Nobody is here yet.")
    await page.page.locator("#people button").first.wait_for(state="detached")


async def test_a_phone_shows_one_part_at_a_time(visit: Any) -> None:
    ada = await visit(PHONE, is_mobile=True, has_touch=True)
    assert not await ada.page.locator("#side").is_visible()
    await ada.writes("/trial parts")
    await ada.sees("then")
    await ada.page.get_by_role("button", name="Clock").tap()
    assert await ada.page.locator("#hour").is_visible()
    await ada.page.get_by_role("button", name="People").tap()
    await ada.page.locator("#people").get_by_role("button", name="Ben").tap()
    assert await ada.page.locator("#log").is_visible()
    assert await ada.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_every_control_has_a_name_and_every_text_enough_contrast(visit: Any) -> None:
    for scheme in ("light", "dark"):
        ada = await visit(color_scheme=scheme)
        await ada.becomes("Olga")
        await ada.writes("/trial parts")
        await ada.sees("Another")
        nameless = await ada.page.evaluate(
            """() => [...document.querySelectorAll('button, input, select, textarea, a')]
                 .filter(e => e.offsetParent && !(e.innerText || e.ariaLabel || e.labels?.length))
                 .map(e => e.outerHTML)"""
        )
        assert nameless == []
        assert await ada.page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgba = (css) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor);
    if (c[3] > 250) return c; } return [255, 255, 255]; };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    if (!e.offsetParent || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    if (e.closest('[aria-hidden=true], .hidden, .skip, :disabled')) continue;
    const [a, b] = [light(rgba(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) found.push(`${e.tagName}.${e.className} ${e.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return found;
}"""
