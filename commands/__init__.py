"""The table of contents: everything that people can ask."""

from commands import mentor, sources
from commands.catalog import Catalog
from commands.help import help_command

_COMMANDS = (*mentor.COMMANDS,)

CATALOG = Catalog((*_COMMANDS, help_command(_COMMANDS)), (*sources.SOURCES, *mentor.SOURCES))
