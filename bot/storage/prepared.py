"""Selects that are built once: putting one together costs SQLAlchemy as much as executing it.

@prepared
def _duties(person: Arg) -> Select[Duty]:
    return select(TeamMember.duty).where(TeamMember.person_id == person)

await work.all(_duties(7))
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVarTuple

from sqlalchemy import Select, bindparam

Arg = Any
"""A value when it is called, a parameter's place while it is built."""

Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Prepared(Generic[*Ts]):
    """A select with the values of its parameters."""

    select: Select[*Ts]
    values: Mapping[str, Any]

    @property
    def key(self) -> Hashable:
        """The same for the same question."""
        return id(self.select), *(tuple(one) if isinstance(one, list) else one for one in self.values.values())


def prepared(build: Callable[..., Select[*Ts]]) -> Callable[..., Prepared[*Ts]]:
    """Build a select at its first use, with a parameter for each argument. A list is one for `in_`: name it `…_in`."""
    names = tuple(inspect.signature(build).parameters)

    @cache
    def built() -> Select[*Ts]:
        return build(*(bindparam(name, expanding=name.endswith("_in")) for name in names))

    def fill(*values: Any) -> Prepared[*Ts]:
        return Prepared(built(), dict(zip(names, values, strict=True)))

    return fill
