"""Where long work is computed: in a process of its own, or in a thread where that would be more trouble than it saves.

A process of its own leaves the event loop alone: SciPy is neither loaded nor run beside it, and what the solver needed
is given back when it ends. It costs a second or two to begin, which nobody notices who waits for a letter.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from typing import Protocol, TypeVar

Facts = TypeVar("Facts")
Result = TypeVar("Result")


class Compute(Protocol):
    """Runs a pure function off the event loop."""

    async def __call__(self, function: Callable[[Facts], Result], facts: Facts, /) -> Result: ...


async def in_thread(function: Callable[[Facts], Result], facts: Facts, /) -> Result:
    """In this process: for tests and simulations, where nothing else waits."""
    return await asyncio.to_thread(function, facts)


async def in_process(function: Callable[[Facts], Result], facts: Facts, /) -> Result:
    """In a process that ends with the result, or at once when it is not waited for any more.

    `function` must stand in a module; facts and result are pickled. Raises RuntimeError when nothing came of it; the
    reason is on the child's standard error, which is ours.
    """
    path = os.pathsep.join(entry for entry in sys.path if entry)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,  # Ctrl-C in a terminal is for its parent, which ends it
    )  # fmt: skip
    try:
        answer, _ = await child.communicate(pickle.dumps((function, facts)))
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise RuntimeError(f"The process that computed ended with {child.returncode}.")
    result: Result = pickle.loads(answer)
    return result


def _answer() -> None:
    function, facts = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(function(facts)))


if __name__ == "__main__":
    _answer()
