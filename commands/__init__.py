"""The table of contents: everything that people can ask."""

from commands import (
    call,
    checkin,
    cohort,
    cohort_arrivals,
    cohort_edit,
    cohort_people,
    cohort_person,
    conduct,
    goals,
    hearing,
    joining,
    liaison,
    linking,
    match,
    mentor,
    nudge,
    parting,
    quiet_hours,
    rooms,
    setup,
    sources,
    status,
    team,
)
from commands.catalog import Catalog
from commands.help import help_command

_TOPICS = (
    mentor,
    status,
    conduct,
    quiet_hours,
    parting,
    linking,
    goals,
    checkin,
    nudge,
    call,
    cohort,
    cohort_edit,
    cohort_people,
    cohort_person,
    cohort_arrivals,
    setup,
    joining,
    rooms,
    team,
    match,
    liaison,
    hearing,
)
_COMMANDS = tuple(found for topic in _TOPICS for found in topic.COMMANDS)
_SOURCES = tuple(found for topic in (sources, *_TOPICS) for found in getattr(topic, "SOURCES", ()))

CATALOG = Catalog((*_COMMANDS, help_command(_COMMANDS)), _SOURCES)
