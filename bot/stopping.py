"""Running until somebody says stop: Ctrl-C or SIGTERM once is a clean end, twice is an end at once."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def quit_on_signals() -> None:
    """Until something runs that must be wound up (while modules load), a signal simply ends the process."""
    for number in _SIGNALS:
        signal.signal(number, lambda *_: sys.exit(0))


def run_until_stopped(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `serve`, which must return soon after the event it is given is set."""
    asyncio.run(_serve(serve))


async def _serve(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()

    def stop() -> None:
        stopping.set()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop)
    await serve(stopping)
