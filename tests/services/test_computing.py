"""Computing in another process: the same result, nothing loaded here, and no process left behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot import programs
from bot.matching import Mentee, Mentor, Rules
from bot.services import candidates, pairing_up
from bot.services.candidates import Pool
from bot.services.computing import in_process

MATCHED_AWAY = """
import asyncio, sys
from bot.services.computing import in_process
from tests.services.test_computing import POOL
from bot.services.pairing_up import compute
solved = asyncio.run(in_process(compute, POOL))
print(len(solved.matches), {"numpy", "scipy"} & set(sys.modules))
"""

POOL = Pool(
    tuple(Mentee(number, number, ("cataloging", "publishing")) for number in range(3)),
    tuple(Mentor(10 + number, 10 + number, frozenset({"cataloging"})) for number in range(3)),
    Rules(forbidden=frozenset({(0, 10)})),
    candidates.preferences(programs.template("alcts")),
)


async def test_pairs_come_out_the_same_in_another_process() -> None:
    assert await in_process(pairing_up.compute, POOL) == pairing_up.compute(POOL)


def test_whoever_has_it_computed_elsewhere_loads_no_solver() -> None:
    line = [sys.executable, "-c", MATCHED_AWAY]
    said = subprocess.run(
        line, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    assert (said.stdout.strip(), said.stderr) == ("3 set()", "")


async def test_a_process_that_fails_is_an_error_here() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        await in_process(sys.exit, 3)


async def test_nobody_waits_and_the_process_ends(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    task = asyncio.create_task(in_process(sleep_long, str(begun)))
    while not begun.exists() or not begun.read_text():
        await asyncio.sleep(0.05)
        assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


def sleep_long(begun: str) -> None:
    """Tell who sleeps."""
    Path(begun).write_text(str(os.getpid()))
    time.sleep(60)
