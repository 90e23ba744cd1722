"""Hosting faces: one server for all, a connection that fails alone, and a clean end."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import aiohttp
import pytest
import structlog
from aiohttp import web
from sqlalchemy import select

from adapters import hosting
from adapters.hosting import Face, Opening, Parts, host
from bot.app import App
from bot.domain import Letter, LetterKind, LetterState, Person
from bot.logs import keep_ids
from bot.settings import Misconfigured, OutOfReach, Settings
from bot.storage import outbox
from bot.ui import _, message
from commands.dispatch import Dispatch
from tests.stage import KeepingMessenger, Stage, StoppedClock


class Quiet:
    """A face that takes what comes over HTTP, and is connected until the end."""

    platform = "quiet"
    over_http = True

    def __init__(self) -> None:
        self.messenger = KeepingMessenger(StoppedClock())
        self.heard: list[str] = []

    def add_routes(self, server: web.Application) -> None:
        async def hello(_: web.Request) -> web.Response:
            return web.Response(text="hello")

        server.router.add_get(f"/{self.platform}", hello)

    async def run(self, stop: asyncio.Event) -> None:
        self.heard.append("connected")
        await stop.wait()

    async def close(self) -> None:
        self.heard.append("closed")


class Broken(Quiet):
    """A face whose platform turns it away."""

    platform = "broken"

    async def run(self, stop: asyncio.Event) -> None:
        raise ConnectionError


class Late(Quiet):
    """A face that tells when it is connected."""

    platform = "late"

    def __init__(self) -> None:
        super().__init__()
        self.connected = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        self.connected.set()
        await super().run(stop)


class Silent(Quiet):
    """A face that hears nothing over HTTP."""

    platform = "silent"
    over_http = False


class OnStage(Quiet):
    """A face of the platform on which the stage's people are."""

    platform = "test"


BOTH = Parts(http=True, connections=True)


@pytest.fixture
def logs_as_outside() -> Iterator[None]:
    """Logs from which sentences are withheld, as wherever the bot runs."""
    before = structlog.get_config()
    structlog.configure(processors=[keep_ids, *before["processors"]])
    yield
    structlog.configure(**before)


def _opened(face: Quiet, *, refuses: Iterable[Exception] = ()) -> Opening:
    """A face that opens once its platform has refused as often as there are reasons."""
    reasons = iter(refuses)

    async def opening(settings: Settings, app: App, dispatch: Dispatch) -> Face:
        for reason in reasons:
            raise reason
        return face

    return Opening(face.platform, opening, over_http=face.over_http)


class Hanging(Late):
    """A face whose platform takes its time once it has been out of reach as often as there are refusals."""

    platform = "hanging"

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answers = asyncio.Event(), asyncio.Event()

    def opening(self, *refusals: Exception) -> Opening:
        waiting = iter(refusals)

        async def opening(settings: Settings, app: App, dispatch: Dispatch) -> Face:
            for refusal in waiting:
                raise refusal
            self.asked.set()
            try:
                await self.answers.wait()
            except asyncio.CancelledError:
                self.heard.append("cancelled")
                raise
            return self

        return Opening(self.platform, opening, over_http=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def _asked(address: str) -> str:
    async with aiohttp.ClientSession() as session:
        for _try in range(100):
            try:
                async with session.get(address) as answer:
                    return await answer.text()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
    raise AssertionError(f"nobody answers at {address}")


async def test_faces_share_a_server_and_what_ends_one_does_not_end_the_others(database: str) -> None:
    quiet, broken, stop, port = Quiet(), Broken(), asyncio.Event(), _free_port()
    settings = Settings(database_url=database, host="127.0.0.1", port=port)
    parts = Parts(http=True, connections=True)
    running = asyncio.create_task(host(settings, [_opened(quiet), _opened(broken)], parts, stop))
    health = await _asked(f"http://127.0.0.1:{port}/healthz")
    assert json.loads(health) == {"status": "degraded", "lost": ["broken"]}
    assert await _asked(f"http://127.0.0.1:{port}/quiet") == "hello"
    assert await _asked(f"http://127.0.0.1:{port}/broken") == "hello"
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 10)
    assert (quiet.heard, broken.heard) == (["connected", "closed"], ["closed"])


async def test_a_process_without_any_face_left_ends_with_the_line_that_says_why(database: str) -> None:
    class Revoked(Broken):
        async def run(self, stop: asyncio.Event) -> None:
            raise Misconfigured("INVENTED_TOKEN is not accepted any more.")

    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    parts, faces = Parts(http=True, connections=True), [_opened(Revoked())]
    with pytest.raises(Misconfigured, match=r"^INVENTED_TOKEN is not accepted any more\.$"):
        await asyncio.wait_for(host(settings, faces, parts, asyncio.Event()), 10)


async def test_a_face_that_is_turned_away_at_the_start_does_not_end_the_others(
    database: str, capsys: pytest.CaptureFixture[str], logs_as_outside: None
) -> None:
    quiet, broken, stop, port = Quiet(), Broken(), asyncio.Event(), _free_port()
    settings = Settings(database_url=database, host="127.0.0.1", port=port)
    turned_away = _opened(broken, refuses=[Misconfigured("INVENTED_TOKEN is not accepted.")])
    running = asyncio.create_task(host(settings, [turned_away, _opened(quiet)], BOTH, stop))
    assert json.loads(await _asked(f"http://127.0.0.1:{port}/healthz")) == {"status": "degraded", "lost": ["broken"]}
    assert await _asked(f"http://127.0.0.1:{port}/quiet") == "hello"
    stop.set()
    await asyncio.wait_for(running, 10)
    assert (quiet.heard, broken.heard) == (["connected", "closed"], [])
    assert "INVENTED_TOKEN is not accepted. Letters there wait." in capsys.readouterr().out


async def test_a_face_whose_platform_does_not_answer_opens_later_with_its_routes(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosting, "PAUSES", (0.05,))
    quiet, late, stop, port = Quiet(), Late(), asyncio.Event(), _free_port()
    settings = Settings(database_url=database, host="127.0.0.1", port=port)
    away = _opened(late, refuses=[OutOfReach("INVENTED does not answer.")] * 3)
    running = asyncio.create_task(host(settings, [away, _opened(quiet)], BOTH, stop))
    await asyncio.wait_for(late.connected.wait(), 10)
    assert json.loads(await _asked(f"http://127.0.0.1:{port}/healthz")) == {"status": "ok"}
    assert await _asked(f"http://127.0.0.1:{port}/late") == "hello"
    assert await _asked(f"http://127.0.0.1:{port}/quiet") == "hello"
    stop.set()
    await asyncio.wait_for(running, 10)
    assert (quiet.heard, late.heard) == (["connected", "closed"], ["connected", "closed"])


async def test_nobody_waits_for_a_platform_that_takes_its_time(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "AT_ONCE", 0.05)
    quiet, hanging, stop, port = Quiet(), Hanging(), asyncio.Event(), _free_port()
    settings = Settings(database_url=database, host="127.0.0.1", port=port)
    running = asyncio.create_task(host(settings, [hanging.opening(), _opened(quiet)], BOTH, stop))
    assert await _asked(f"http://127.0.0.1:{port}/quiet") == "hello"
    health = json.loads(await _asked(f"http://127.0.0.1:{port}/healthz"))
    assert health == {"status": "degraded", "lost": ["hanging"]}
    hanging.answers.set()
    await asyncio.wait_for(hanging.connected.wait(), 10)
    assert json.loads(await _asked(f"http://127.0.0.1:{port}/healthz")) == {"status": "ok"}
    assert await _asked(f"http://127.0.0.1:{port}/hanging") == "hello"
    stop.set()
    await asyncio.wait_for(running, 10)
    assert (quiet.heard, hanging.heard) == (["connected", "closed"], ["connected", "closed"])


async def test_a_face_whose_connection_broke_is_opened_again(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "BROKEN", 0.0)
    monkeypatch.setattr(hosting, "PAUSES", (60.0,))
    late, stop = Late(), asyncio.Event()
    breaks = [OutOfReach("INVENTED broke.")]

    class Breaking(Late):
        platform = "breaking"

        async def run(self, stop: asyncio.Event) -> None:
            for broken in [breaks.pop()] if breaks else []:
                raise broken
            await super().run(stop)

    breaking = Breaking()
    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    running = asyncio.create_task(host(settings, [_opened(late), _opened(breaking)], BOTH, stop))
    await asyncio.wait_for(breaking.connected.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert breaking.heard == ["closed", "connected", "closed"]
    assert late.heard == ["connected", "closed"]


async def test_an_address_of_another_machine_is_said_to_be_one(database: str) -> None:
    settings = Settings(database_url=database, host="192.0.2.1", port=_free_port())
    with pytest.raises(Misconfigured, match=r"^HOST 192\.0\.2\.1 is no address of this machine"):
        await asyncio.wait_for(host(settings, [_opened(Quiet())], BOTH, asyncio.Event()), 10)


async def test_a_process_does_not_end_while_a_face_is_being_opened_again(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hosting, "PAUSES", (0.0,))
    hanging, stop = Hanging(), asyncio.Event()

    class TurnedAway(Broken):
        async def run(self, stop: asyncio.Event) -> None:
            await hanging.asked.wait()
            raise Misconfigured("INVENTED_TOKEN is not accepted any more.")

    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    faces = [hanging.opening(OutOfReach("INVENTED does not answer.")), _opened(TurnedAway())]
    running = asyncio.create_task(host(settings, faces, BOTH, stop))
    said = await _said(capsys, "INVENTED_TOKEN is not accepted any more.")
    assert "Letters there wait" not in said.partition("any more.")[2]
    assert not stop.is_set()
    hanging.answers.set()
    await asyncio.wait_for(hanging.connected.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert hanging.heard == ["connected", "closed"]


async def _said(capsys: pytest.CaptureFixture[str], words: str) -> str:
    """What the log says when it says these words."""
    for _try in range(200):
        if words in (said := capsys.readouterr().out):
            return said
        await asyncio.sleep(0.05)
    raise AssertionError(f"nobody said {words}")


@pytest.mark.parametrize("refusals", [[], [OutOfReach("INVENTED does not answer.")]], ids=["the start", "a retry"])
async def test_a_stop_does_not_wait_for_a_platform_that_hangs(
    database: str, monkeypatch: pytest.MonkeyPatch, refusals: list[Exception]
) -> None:
    monkeypatch.setattr(hosting, "PAUSES", (0.0,))
    quiet, hanging, stop = Quiet(), Hanging(), asyncio.Event()
    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    running = asyncio.create_task(host(settings, [_opened(quiet), hanging.opening(*refusals)], BOTH, stop))
    await asyncio.wait_for(hanging.asked.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert hanging.heard == ["cancelled"]
    assert quiet.heard == (["connected", "closed"] if refusals else ["closed"])


async def test_a_process_that_nobody_lets_in_ends_with_all_the_reasons(database: str) -> None:
    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    faces = [
        _opened(Quiet(), refuses=[OutOfReach("INVENTED does not answer.")]),
        _opened(Broken(), refuses=[Misconfigured("INVENTED_TOKEN is not accepted.")]),
    ]
    with pytest.raises(Misconfigured, match=r"^INVENTED does not answer\.\nINVENTED_TOKEN is not accepted\.$"):
        await asyncio.wait_for(host(settings, faces, BOTH, asyncio.Event()), 10)


async def test_letters_wait_for_a_platform_that_cannot_be_reached(stage: Stage, database: str) -> None:
    stage.clock.set(datetime.now(UTC))
    ada, stop = await stage.person("Ada"), asyncio.Event()
    async with stage.app.storage.work() as work:
        person = await work.get(Person, ada.id)
        hello = outbox.NewLetter(key="hello", kind=LetterKind.DUTY, to=person, message=message(_("A letter")))
        await outbox.post(work, person.community_id, hello)
    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    away = _opened(OnStage(), refuses=[Misconfigured("INVENTED_TOKEN is not accepted.")])
    running = asyncio.create_task(host(settings, [away, _opened(Quiet())], BOTH, stop))
    letter = await _tried(stage)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert letter.state is LetterState.WAITING


async def _tried(stage: Stage) -> Letter:
    """The letter, once somebody has tried to send it."""
    for _try in range(200):
        async with stage.app.storage.reading() as work:
            letter = await work.first(select(Letter))
        if letter is not None and letter.tries and letter.state is not LetterState.SENDING:
            return letter
        await asyncio.sleep(0.05)
    raise AssertionError("nobody tried to send the letter")


async def test_a_web_process_opens_only_what_speaks_over_http(database: str) -> None:
    quiet, silent, stop = Quiet(), Silent(), asyncio.Event()
    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    parts = Parts(http=True, connections=False)
    running = asyncio.create_task(host(settings, [_opened(silent), _opened(quiet)], parts, stop))
    assert json.loads(await _asked(f"http://127.0.0.1:{settings.port}/healthz")) == {"status": "ok"}
    stop.set()
    await asyncio.wait_for(running, 10)
    assert (quiet.heard, silent.heard) == (["closed"], [])


async def test_a_web_process_without_anything_to_do_says_what_to_run_instead(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stop, parts = asyncio.Event(), Parts(http=True, connections=False)
    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    running = asyncio.create_task(host(settings, [_opened(Silent())], parts, stop))
    assert json.loads(await _asked(f"http://127.0.0.1:{settings.port}/healthz")) == {"status": "ok"}
    stop.set()
    await asyncio.wait_for(running, 10)
    said = "none of your platforms speaks over HTTP, `mentorbot worker` does everything."
    assert capsys.readouterr().out == f"mentorbot is ready: {said}\n"
