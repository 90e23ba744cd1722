"""Ctrl-C and SIGTERM end a long-running command cleanly; Ctrl-C again, at once."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SERVE = """
import asyncio
from bot.stopping import quit_on_signals, run_until_stopped

quit_on_signals()
{before}

async def serve(stopping):
    print("ready", flush=True)
    await stopping.wait()
    print("stopping", flush=True)
    {after}
    print("stopped", flush=True)

run_until_stopped(serve)
"""
EITHER = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@contextmanager
def running(*, before: str = "", after: str = "") -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, "-c", SERVE.format(before=before, after=after)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@EITHER
def test_one_signal_is_a_clean_end(number: signal.Signals) -> None:
    with running() as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        said, complained = process.communicate(timeout=10)

    assert (process.returncode, said, complained) == (0, "stopping\nstopped\n", "")


@EITHER
def test_another_ctrl_c_ends_what_does_not_end(number: signal.Signals) -> None:
    with running(after="await asyncio.sleep(60)") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "stopping\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=10)

    assert (process.returncode, said, complained) == (-signal.SIGINT, "", "")


@EITHER
def test_a_signal_that_make_passes_on_as_well_is_one_signal(number: signal.Signals) -> None:
    with running(after="await asyncio.sleep(0.1)") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "stopping\n"
        process.send_signal(number)
        said, complained = process.communicate(timeout=10)

    assert (process.returncode, said, complained) == (0, "stopped\n", "")


@EITHER
def test_a_signal_while_modules_load_is_a_clean_end_too(number: signal.Signals) -> None:
    with running(before="import time; print('loading', flush=True); time.sleep(60)") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "loading\n"
        process.send_signal(number)
        said, complained = process.communicate(timeout=10)

    assert (process.returncode, said, complained) == (0, "", "")
