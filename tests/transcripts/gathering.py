"""How every transcript begins: the standing cast comes, the coordinator opens a call, and most of them apply."""

from __future__ import annotations

from datetime import date, timedelta

from adapters.sandbox.cast import CAST, Actor
from adapters.sandbox.story import Chapter, Presses, Sees, Sends, Types
from bot.domain import Duty
from bot.ui import Answer
from tests.stage import START
from tests.transcripts.steps import Arrives, Begins, TranscriptStep

TODAY = START.date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())

DATES: dict[str, date] = {
    "opens_on": TODAY,
    "closes_on": MONDAY + timedelta(weeks=2),
    "announced_on": MONDAY + timedelta(weeks=3, days=1),
    "starts_on": MONDAY + timedelta(weeks=5),
    "ends_on": MONDAY + timedelta(weeks=52, days=4),
}
"""As the sandbox sets them for its own cast."""

PLAN: dict[str, Answer] = {
    "title": "Mentoring 2027–28",
    "zone": "America/Chicago",
    **{name: day.isoformat() for name, day in DATES.items()},
}


def _applies(actor: Actor) -> tuple[TranscriptStep, ...]:
    who = actor.newcomer.name
    own: dict[str, Answer] = {"name": who, "zone": actor.newcomer.zone, **actor.answers}
    typed = Types(who, f"/mentor join role:{actor.role}")
    if actor.begun:
        return typed, Begins(who, own)
    return typed, Sends(who, {**own, "conduct": "yes"}), Sees(who, "has arrived")


GATHERING: tuple[Chapter, ...] = (
    Chapter(
        "The cast comes",
        tuple(
            Arrives(one.newcomer.name, one.newcomer.zone, first=Duty.COORDINATOR in one.newcomer.duties) for one in CAST
        ),  # type: ignore[arg-type]
    ),
    Chapter(
        "The coordinator opens a call",
        (
            Types("Olga", "/cohort team add duty:liaison person:@Lena"),
            Types("Olga", "/cohort team add duty:liaison person:@Tom"),
            Types("Olga", "/liaison channel channel:mentoring-liaisons"),
            Types("Olga", "/cohort create template:alcts"),
            Sends("Olga", PLAN),
            Presses("Olga", "Open the call"),
            Presses("Olga", "mentoring"),
            Presses("Olga", "Post it"),
        ),
    ),
    Chapter("They apply", tuple(step for one in CAST if one.role for step in _applies(one))),  # type: ignore[arg-type]
)
