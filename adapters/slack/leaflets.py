"""The few pages that a browser shows while somebody installs the bot: plain, without anything from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from aiohttp import web

from adapters.slack.speaker import SlackSpeaker
from bot.ui import Message, Text, Words

_STYLE = """
:root { color-scheme: light dark;
  --ink: #1f2a2e; --soft: #566369; --sheet: #fff; --ground: #f3f1ec; --accent: #1f5f5b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ece9; --soft: #a9b5b3; --sheet: #1d2527; --ground: #141a1c; --accent: #8fd0c8; }
}
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--ground);
  color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
main { max-width: 34rem; padding: clamp(24px, 6vw, 48px); border-radius: 20px; background: var(--sheet); }
h1 { font-size: 1.4rem; line-height: 1.3; }
p { margin-top: 14px; color: var(--soft); }
form { margin-top: 26px; }
button { min-height: 46px; padding: 0 22px; border: 0; border-radius: 12px; background: var(--accent);
  color: var(--sheet); font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
"""


def page(
    said: Message, *, begin: Words | None = None, at: str = "", leads: str = "", status: int = 200, only: str = ""
) -> web.Response:
    """A message as a page. `begin` is the label of a button that posts to `at` and leads on to the origin `leads`.

    `only` is the one slash command that is installed, if not all are.
    """
    speaker = SlackSpeaker(only=only)
    head, *rest = [speaker.text(part.words) for part in said.parts if isinstance(part, Text)]
    label = escape(speaker.text(begin)) if begin else ""
    button = f'<form method="post" action="{escape(at)}"><button>{label}</button></form>' if begin else ""
    body = (
        f'<!doctype html>\n<html lang="{speaker.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(speaker.text(said.notice))}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(head)}</h1>{''.join(f'<p>{escape(text)}</p>' for text in rest)}"
        f"{button}</main></body></html>\n"
    )
    return web.Response(text=body, status=status, content_type="text/html", headers=_headers(leads))


def _headers(leads: str) -> dict[str, str]:
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self' {leads}; base-uri 'none';"
            " frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
