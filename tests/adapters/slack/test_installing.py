"""Installing in a browser: who may come back, how often, and what the pages say."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from sqlalchemy import select

from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.slack.tables import Begun, Installed
from bot.domain import Channel, Space
from tests.adapters.slack.conftest import process
from tests.adapters.slack.country import CLIENT, Browser, Land
from tests.adapters.slack.fake import Refusal

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def installed(land: Land) -> list[Installed]:
    async with land.first.app.storage.reading() as work:
        return list(await work.all(select(Installed).order_by(Installed.team)))


async def begun(land: Land) -> list[Begun]:
    async with land.first.app.storage.reading() as work:
        return list(await work.all(select(Begun)))


@BOTH
async def test_a_workspace_installs_the_bot_and_its_commands_work_in_every_process(land: Land) -> None:
    ada = land.first.person(land.north, "Ada", is_admin=True)
    ben = land.first.person(land.south, "Ben", is_admin=True)
    assert "mentorbot is in your workspace." in await land.browser().installs(land.country, ada)
    assert "mentorbot is in your workspace." in await land.browser(land.second).installs(land.country, ben)
    for running in (land.first, land.second):
        for somebody in (ada, ben):
            somebody.line = running.line(somebody.line.fake)
            await somebody.types("/mentor help")
            assert "What you can do here" in somebody.text


@ONE
async def test_what_one_process_began_another_may_end(land: Land) -> None:
    code, browser, other = land.country.agrees("TNORTH", "U1"), land.browser(), land.browser(land.second)
    state = await browser.begins()
    other.cookie = browser.cookie
    assert (await other.comes_back(state=state, code=code))[0] == 200


@ONE
async def test_with_a_socket_alone_browsers_may_come_and_nothing_else(land: Land) -> None:
    more = {"slack_signing_secret": "", "slack_app_token": "xapp-1"}
    async with process(land.country, land.first.app.storage, land.clock, **more) as other:
        await land.browser(other).installs(land.country, other.person(land.north, "Ada"))
        async with other.http.post("/slack/events", data="payload={}") as answered:
            assert answered.status == 404


@ONE
async def test_whoever_installed_it_reads_once_what_comes_first_and_can_go_on_from_there(land: Land) -> None:
    ada = land.first.person(land.north, "Ada", is_admin=True)
    browser = land.browser()
    code, state = land.country.agrees("TNORTH", ada.user), await browser.begins()
    await browser.comes_back(state=state, code=code)
    assert "This page can be used once" in (await browser.comes_back(state=state, code=code))[1]
    assert [post.text for post in ada.posts] == ["I am here: what comes first"]
    assert "/cohort setup" in ada.text
    await ada.presses("Set up")
    await ada.sends()
    assert "You are a coordinator now." in ada.text


@ONE
async def test_a_new_workspace_is_known_with_the_channels_that_the_bot_is_in(land: Land) -> None:
    ada = land.first.person(land.north, "Ada", is_admin=True)
    await land.browser().installs(land.country, ada)
    async with land.second.app.storage.reading() as work:
        found = select(Space.external, Channel.name).join(Channel, Channel.space_id == Space.id)
        assert (await work.session.execute(found)).all() == [("TNORTH", "mentoring-tnorth")]


@ONE
async def test_giving_the_rights_anew_replaces_the_token_and_greets_nobody_again(land: Land) -> None:
    ada = land.first.person(land.north, "Ada")
    browser = land.browser()
    await browser.installs(land.country, ada)
    assert "mentorbot has its rights anew." in await browser.installs(land.country, ada)
    assert (len(await installed(land)), len(ada.posts)) == (1, 1)


@ONE
async def test_slack_is_asked_for_the_rights_of_the_manifest(land: Land) -> None:
    async with land.first.http.post("/slack/install", allow_redirects=False) as answered:
        there = urlsplit(answered.headers["Location"])
    query = parse_qs(there.query)
    assert (there.path, query["client_id"]) == ("/oauth/v2/authorize", [CLIENT])
    assert query["scope"][0].split(",") == [*SCOPES, *OPTIONAL]


@ONE
async def test_who_only_looks_leaves_nothing_behind(land: Land) -> None:
    async with land.first.http.get("/slack/install") as answered:
        shown = await answered.text()
    assert '<form method="post" action="/slack/install">' in shown
    assert "Set-Cookie" not in answered.headers
    assert await begun(land) == []


@ONE
async def test_pages_load_nothing_from_elsewhere_and_fit_light_and_dark(land: Land) -> None:
    async with land.first.http.get("/slack/install") as answered:
        shown = await answered.text()
    policy = answered.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert f"form-action 'self' http://127.0.0.1:{land.country.port};" in policy
    assert "prefers-color-scheme: dark" in shown
    assert "http" not in shown
    assert '<html lang="en">' in shown


@ONE
async def test_the_cookie_is_for_this_site_and_no_script(land: Land) -> None:
    async with land.first.http.post("/slack/install", allow_redirects=False) as answered:
        cookie = answered.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    for word in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"):
        assert word in cookie


@ONE
async def test_the_database_holds_no_state_that_somebody_could_use(land: Land) -> None:
    state = await land.browser().begins()
    (row,) = await begun(land)
    assert state not in (row.digest, "")


async def _refused(land: Land, browser: Browser, **query: str) -> str:
    status, shown = await browser.comes_back(**query)
    assert status == 400
    assert "Begin again" in shown
    assert await installed(land) == []
    return shown


@BOTH
async def test_a_state_is_good_for_ten_minutes(land: Land) -> None:
    browser, code = land.browser(), land.country.agrees("TNORTH", "U1")
    state = await browser.begins()
    land.clock.set(land.clock.now() + timedelta(minutes=10))
    assert "for ten minutes" in await _refused(land, browser, state=state, code=code)
    await browser.begins()
    assert len(await begun(land)) == 1


@ONE
async def test_a_state_of_another_browser_installs_nothing(land: Land) -> None:
    theirs, mine, code = land.browser(), land.browser(), land.country.agrees("TNORTH", "U1")
    state = await theirs.begins()
    assert "begun in another browser" in await _refused(land, mine, state=state, code=code)
    await mine.begins()
    assert "begun in another browser" in await _refused(land, mine, state=state, code=code)
    assert (await theirs.comes_back(state=state, code=code))[0] == 200  # and is not used up by that


@ONE
@pytest.mark.parametrize("state", ["", "made-up", "é"])
async def test_a_state_that_nobody_gave_out_installs_nothing(land: Land, state: str) -> None:
    browser, code = land.browser(), land.country.agrees("TNORTH", "U1")
    await _refused(land, browser, state=state, code=code)
    browser.cookie = "made-up"
    await _refused(land, browser, state=state, code=code)


@ONE
async def test_who_says_no_reads_that_nothing_was_installed(land: Land) -> None:
    browser = land.browser()
    shown = await _refused(land, browser, state=await browser.begins(), error="access_denied")
    assert "Nothing was installed." in shown


@ONE
async def test_a_whole_organization_is_asked_to_choose_one_workspace_and_leaves_no_token(land: Land) -> None:
    land.country.more = {"is_enterprise_install": True, "team": None, "enterprise": {"id": "E1"}}
    browser, code = land.browser(), land.country.agrees("TNORTH", "U1")
    shown = await _refused(land, browser, state=await browser.begins(), code=code)
    assert "Please choose one workspace." in shown
    assert land.country.revoked == [land.north.token]


@ONE
async def test_an_app_whose_tokens_end_by_themselves_is_refused_and_named(land: Land) -> None:
    land.country.more = {"refresh_token": "xoxe-1", "expires_in": 43200}
    browser, code = land.browser(), land.country.agrees("TNORTH", "U1")
    with structlog.testing.capture_logs() as logged:
        assert "did not confirm" in await _refused(land, browser, state=await browser.begins(), code=code)
    assert "rotates tokens" in logged[0]["event"]
    assert land.country.revoked == [land.north.token]


@ONE
async def test_a_code_that_slack_does_not_know_keeps_nothing(land: Land) -> None:
    browser = land.browser()
    assert "did not confirm" in await _refused(land, browser, state=await browser.begins(), code="made-up")


@ONE
async def test_a_wrong_client_secret_is_named_in_the_log(land: Land) -> None:
    storage = land.first.app.storage
    async with process(land.country, storage, land.clock, slack_client_secret="wrong") as other:
        browser, code = land.browser(other), land.country.agrees("TNORTH", "U1")
        with structlog.testing.capture_logs() as logged:
            await _refused(land, browser, state=await browser.begins(), code=code)
    assert logged[0]["wrong"] == "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"


@ONE
@pytest.mark.parametrize(("commands", "typed"), [("all", "/cohort setup"), ("mentor", "/mentor cohort setup")])
async def test_a_greeting_that_does_not_arrive_does_not_undo_the_installation(
    land: Land, commands: str, typed: str
) -> None:
    storage = land.first.app.storage
    async with process(land.country, storage, land.clock, slack_commands=commands) as other:
        ada = other.person(land.north, "Ada")
        land.north.faults["chat.postMessage"] = [Refusal("messages_tab_disabled")]
        shown = await land.browser(other).installs(land.country, ada)
        assert "mentorbot is in your workspace." in shown
        assert f"type {typed} in Slack" in shown
        assert "has sent you a message" not in shown
        await ada.types("/mentor help")
        assert "What you can do here" in ada.text


@ONE
async def test_a_slack_that_has_no_time_for_the_code_is_asked_once_more(land: Land) -> None:
    ada = land.first.person(land.north, "Ada")
    land.country.is_busy = True
    assert "mentorbot is in your workspace." in await land.browser().installs(land.country, ada)


@ONE
async def test_the_library_keeps_no_tokens_of_its_own(
    land: Land, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It would, in files below the home folder, when it finds these in the environment."""
    for name, value in (("SLACK_CLIENT_ID", CLIENT), ("SLACK_CLIENT_SECRET", "x"), ("HOME", str(tmp_path))):
        monkeypatch.setenv(name, value)
    async with process(land.country, land.first.app.storage, land.clock) as other:
        ada = other.person(land.north, "Ada")
        await land.browser(other).installs(land.country, ada)
        await ada.types("/mentor help")
        await ada.opens_home()
        await other.happens(land.north, "tokens_revoked", tokens={"oauth": ["U1"], "bot": []})
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []
