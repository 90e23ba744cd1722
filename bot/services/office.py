"""What work outside of a request needs: the storage with its clock, whoever carries messages, a place to compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ports import Messenger
from bot.services.computing import Compute, in_thread
from bot.storage.work import Storage


@dataclass(frozen=True, slots=True)
class Office:
    """The storage, one messenger a platform, and where long work is computed."""

    storage: Storage
    messengers: Mapping[str, Messenger]
    compute: Compute = in_thread
