"""Where an answer goes, and what a modal remembers of it while it is open."""

from __future__ import annotations

import json
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Way:
    """Where an answer may go.

    `url` is the address that Slack gives with a command or a press, for half an hour and five messages. `posted` is
    the message whose button was pressed, if it is more than a reply that one person sees. `direct`: `conversation` is
    the direct message with the bot, where everything stays.
    """

    url: str = ""
    conversation: str = ""
    posted: str = ""
    thread: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """What a modal keeps while it is open: its command, and where it was asked for."""

    run: str
    way: Way = field(default_factory=Way)
    community: int | None = None

    def write(self) -> str:
        """As a view's private metadata; `read` gives back an equal one."""
        way = self.way
        found = [self.run, self.community, way.url, way.conversation, way.posted, way.thread, way.direct]
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def read(text: str) -> Errand:
        """What `write` made. Raises ValueError for anything else."""
        match json.loads(text):
            case [str(run), int() | None as community, str(url), str(conversation), str(at), str(thread), bool(direct)]:
                return Errand(run, Way(url, conversation, at, thread, direct), community)
        raise ValueError("This is no errand of ours.")
