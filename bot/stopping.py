"""Running until somebody says stop: Ctrl-C or SIGTERM is a clean end, another Ctrl-C an end at once."""

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SAME_PRESS = 0.3
"""Seconds within which signals are one wish: the terminal, make and `timeout` each pass it on."""


def quit_on_signals() -> None:
    """Until something runs that must be wound up (while modules load), a signal simply ends the process."""
    for number in _SIGNALS:
        signal.signal(number, lambda *_: sys.exit(0))


def run_until_stopped(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `serve`, which must return soon after the event it is given is set."""
    collect_rarely()
    asyncio.run(_serve(serve))


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> None:
    """Let `work` come to its end, or cancel it once `stop` is set: either way it has let go of what it held.

    Raises whatever it raises.
    """
    working, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        working.cancel()
        await asyncio.wait([working])
    if not working.cancelled():
        working.result()


def collect_rarely() -> None:
    """Look for garbage in circles less often: with the usual settings that took a quarter of what a command costs.

    What is loaded by now stays to the end and is not looked through again; most of the rest goes away by itself.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def _serve(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()

    def stop() -> None:
        if not stopping.is_set():
            stopping.set()
            loop.call_later(_SAME_PRESS, _end_on_ctrl_c, loop)

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop)
    await serve(stopping)


def _end_on_ctrl_c(loop: asyncio.AbstractEventLoop) -> None:
    loop.remove_signal_handler(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
