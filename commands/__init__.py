"""The table of contents: everything that people can ask."""

from commands.catalog import Catalog
from commands.sources import SOURCES

CATALOG = Catalog((), SOURCES)
