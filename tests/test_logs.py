"""Logs tell what happened to which number, and never what people wrote."""

import json
import logging
from typing import Any

import pytest
import structlog

from bot import logs

SECRET = "I do not get along with Ben"


@pytest.fixture(autouse=True)
def plain_logging() -> Any:
    before = structlog.get_config()
    yield
    structlog.configure(**before)
    logging.basicConfig(force=True)


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail() -> None:
    try:
        raise LookupError(SECRET)
    except LookupError as error:
        raise RuntimeError(SECRET) from error


def test_ids_and_figures_are_kept_and_words_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    structlog.get_logger().info("letter sent", letter=7, key="nudge:person-9:period-7", text=SECRET, to=["Ada"])

    (line,) = written(capsys)
    assert line["event"] == "letter sent"
    assert (line["letter"], line["key"]) == (7, "nudge:person-9:period-7")
    assert (line["text"], line["to"]) == ("<str>", "<list>")


def test_the_rights_that_an_app_lacks_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    structlog.get_logger().warning("channels not listed", needed="channels:read,groups:read")

    (line,) = written(capsys)
    assert line["needed"] == "channels:read,groups:read"


def test_an_error_is_located_but_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    try:
        fail()
    except RuntimeError:
        structlog.get_logger().exception("bug", reference="a1b2")

    (line,) = written(capsys)
    assert "in fail" in line["exception"]
    assert "builtins.LookupError" in line["exception"]
    assert line["exception"].endswith("builtins.RuntimeError")
    assert SECRET not in line["exception"]


def test_libraries_log_their_own_words_only(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    library = logging.getLogger("library")
    library.info("chatter")
    library.warning("Could not send %s\n%s", SECRET, SECRET)
    try:
        fail()
    except RuntimeError:
        library.exception("Failed")

    warned, failed = written(capsys)
    assert warned["event"] == "Could not send %s"
    assert failed["exception"].endswith("builtins.RuntimeError")
    assert SECRET not in str([warned, failed])


def test_a_sweep_that_takes_longer_than_its_tick_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    scheduler = logging.getLogger("apscheduler.scheduler")
    scheduler.warning("Execution of job skipped: maximum number of running instances reached (1)")
    scheduler.error("Job raised an exception")

    assert [line["event"] for line in written(capsys)] == ["Job raised an exception"]


def test_debugging_withholds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug", "json")
    structlog.get_logger().debug("letter", text=SECRET)
    logging.getLogger("library").info("Sending %s", SECRET)

    assert [line.get("text", line["event"]) for line in written(capsys)] == [SECRET, f"Sending {SECRET}"]


@pytest.mark.parametrize("level", ["info", "warning", "error"])
def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str], level: str) -> None:
    logs.configure(level, "console")
    structlog.get_logger().debug("quiet")

    assert capsys.readouterr().err == ""
