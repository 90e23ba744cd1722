"""What stands before every request: this machine only, one origin, and bad requests answered in words."""

from __future__ import annotations

import re

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.logs import log_failure

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?", re.IGNORECASE)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take {method} requests.",
    413: "This request is too large.",
}


class Bad(Exception):  # noqa: N818 - an answer to a caller, not an error of ours
    """A request that cannot be answered, with one sentence that says why."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def refusal(sentence: str, status: int) -> web.Response:
    """A sentence as an answer."""
    return web.json_response({"error": sentence}, status=status)


@web.middleware
async def answer_in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn everything that goes wrong into JSON with a sentence. Our own bugs get a reference that the log knows."""
    try:
        return await handler(request)
    except Bad as bad:
        return refusal(bad.sentence, bad.status)
    except web.HTTPError as error:
        sentence = _SENTENCES.get(error.status, error.reason)
        answer = refusal(sentence.format(method=request.method), error.status)
        if "Allow" in error.headers:
            answer.headers["Allow"] = error.headers["Allow"]
        return answer
    except ConnectionResetError:
        raise
    except Exception:
        reference = log_failure("sandbox request failed", method=request.method)
        return refusal(f"Something went wrong on my side. The log knows more: {reference}.", 500)


@web.middleware
async def local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other sites that reach for this machine: by a name of theirs (Host), or from a page of theirs (Origin)."""
    if not _is_local(request) or request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
        return refusal("The sandbox answers its own page and this machine only.", 403)
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """The page loads nothing from elsewhere and is framed by nobody."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _is_local(request: web.Request) -> bool:
    host = _HOST.fullmatch(request.headers.get("Host", ""))
    if host is None or request.transport is None:
        return False
    port: int = request.transport.get_extra_info("sockname")[1]
    return int(host[1] or 80) == port
