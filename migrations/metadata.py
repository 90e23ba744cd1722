"""All tables: the core's nouns and what each adapter remembers, on one metadata."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from sqlalchemy import MetaData

import adapters
from bot.domain.base import Base  # importing any part of bot.domain imports all its nouns


def all_tables() -> MetaData:
    """The metadata with every table on it: those of `bot.domain` and of each adapter's `tables.py`."""
    for adapter in iter_modules(adapters.__path__, "adapters."):
        if adapter.ispkg and find_spec(f"{adapter.name}.tables"):
            import_module(f"{adapter.name}.tables")
    return Base.metadata
