"""Time zones as people say them: "Chicago", "boston", "Asia/Kolkata", "Eastern", "EST"."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_DASH = " – "
_CITIES = Path(__file__).with_name("cities.toml")


def matching_zones(typed: str) -> list[str]:
    """Zone names for what somebody typed, an exact one alone, else the best first; empty when nothing fits."""
    text = _folded(typed.partition(_DASH)[0])
    if not text:
        return []
    names = _names()
    exact = names.get(text, ())
    if exact:
        return [zone for zone in exact if zone in _spoken()] or list(exact)
    starts = [zones for name, zones in names.items() if name.startswith(text)]
    words = starts or [zones for name, zones in names.items() if f" {text}" in name or f"/{text}" in name]
    return list(dict.fromkeys(zone for zones in words for zone in zones))


def zone_label(zone: str) -> str:
    """A zone as people read it: "New York – Eastern time"; its cities alone where it has no common name."""
    city = zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    name = _spoken().get(zone, {}).get("name", "")
    return f"{city}{_DASH}{name}" if name and name != city else city


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
def _spoken() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_CITIES.read_text(encoding="utf-8"))


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Every name of every zone: its own, its city's, and those of the places where it holds."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, zone in (*_said(), *_official()):
        found[_folded(name)].setdefault(zone)
    return {name: tuple(zones) for name, zones in found.items()}


def _said() -> Iterator[tuple[str, str]]:
    for zone, spoken in _spoken().items():
        for name in f"{spoken.get('also', '')},{spoken['places']}".replace("\n", " ").split(","):
            if name.strip():
                yield name, zone


def _official() -> Iterator[tuple[str, str]]:
    yield "UTC", "UTC"
    yield "GMT", "UTC"
    for zone in sorted(name for name in _all() if name.split("/")[0] in _REGIONS):
        yield zone, zone
        yield zone.rsplit("/", maxsplit=1)[-1], zone


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").replace(".", "").casefold().split())
