"""What work outside of a request needs: the storage, the clock in it, and whoever carries messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ports import Messenger
from bot.storage.work import Storage


@dataclass(frozen=True, slots=True)
class Office:
    """The storage and one messenger a platform."""

    storage: Storage
    messengers: Mapping[str, Messenger]
