"""Pairs by the hundred thousand: one is made with care, and copied by INSERT … SELECT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.stage import PLATFORM
from bot.domain import (
    Account,
    Cohort,
    CohortState,
    Community,
    Duty,
    Letter,
    LetterKind,
    LetterState,
    Member,
    Nudge,
    Outcome,
    Pairing,
    PairingState,
    Person,
    Place,
    PlaceState,
    Role,
    Space,
    TeamMember,
)
from bot.domain.base import Base
from bot.services import calendar
from bot.storage.work import Storage, Work
