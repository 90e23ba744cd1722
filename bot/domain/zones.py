"""Time zones as people say them: "Chicago", "new york", "Asia/Kolkata", "Eastern"."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_SPOKEN = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "arizona": "America/Phoenix",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "india": "Asia/Kolkata",
    "uk": "Europe/London",
    "new zealand": "Pacific/Auckland",
}

_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def matching_zones(typed: str) -> list[str]:
    """Zone names for what somebody typed, an exact one alone, else the best first; empty when nothing fits."""
    text = " ".join(typed.replace("_", " ").lower().split())
    if text in _SPOKEN:
        return [_SPOKEN[text]]
    names = _names()
    if text in names:
        return [names[text]]
    cities = [name for spoken, name in names.items() if spoken.rsplit("/", 1)[-1] == text]
    if len(cities) == 1:
        return cities
    starts = [name for spoken, name in names.items() if any(part.startswith(text) for part in spoken.split("/"))]
    return cities or starts or [name for spoken, name in names.items() if f" {text}" in spoken]


def zone_called(name: str) -> ZoneInfo:
    """The zone of this exact name; UTC where none is known."""
    return ZoneInfo(name or "UTC")


def is_zone(name: str) -> bool:
    """Whether this is the exact name of a zone."""
    return name in _all()


@cache
def _all() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _names() -> dict[str, str]:
    """Every zone of a region by its lower-case spoken name, and UTC."""
    zones = sorted(name for name in available_timezones() if name.split("/")[0] in _REGIONS)
    return {"utc": "UTC"} | {name.replace("_", " ").lower(): name for name in zones}
