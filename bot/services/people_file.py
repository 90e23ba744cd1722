"""Everybody in a cohort as a table for spreadsheets: what coordinators may read of people, and nothing beyond that."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot import programs
from bot.domain import LIVE, Application, Cohort, Duty, LetterKind, Pairing, Person
from bot.services.applications import STANDING
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import people_file as texts
from bot.ui import Inline, Words
from bot.ui.plain import PlainSpeaker

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
"""With these a cell of somebody's own words would be computed by spreadsheet programs, which can reach the network."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells, for a reader of that language."""

    language: str
    rows: Sequence[Sequence[Inline | Sequence[Inline]]]


async def send(work: Work, cohort: Cohort, reader: Person) -> None:
    """Send somebody the file by a letter of their own."""
    letter = NewLetter(
        key=f"people:cohort-{cohort.id}:person-{reader.id}:{work.now.isoformat()}",
        kind=LetterKind.RESULT,
        to=reader,
        message=texts.sent(cohort, reader),
    )
    await post(work, reader.community_id, letter)
    work.note("people.sent", community=reader.community_id, person=reader.id, cohort=cohort.id)


async def read(work: Work, args: Mapping[str, str]) -> Sheet | None:
    """What the file shows now; nothing for a reader who is no coordinator any more."""
    cohort = await work.find(Cohort, int(args["cohort"]))
    reader = await work.find(Person, int(args["reader"]))
    if cohort is None or reader is None or cohort.community_id != reader.community_id:
        return None
    if Duty.COORDINATOR not in await queries.duties_of(work, reader.id):
        return None
    pairings = await work.all(
        select(Pairing).where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE)).options(*queries.with_people())
    )
    applied = await work.session.execute(
        select(Application, Person, queries.is_here())
        .join(Person, Application.person_id == Person.id)
        .where(Application.cohort_id == cohort.id, Application.state.in_(STANDING))
        .order_by(Person.name, Person.id)
    )
    theirs = _by_person(pairings)
    rows = [_row(cohort, application, person, theirs[person.id], here=here) for application, person, here in applied]
    return Sheet(reader.language, rows)


def write(sheet: Sheet) -> bytes:
    """As comma-separated values, in the form that spreadsheet programs read as Unicode."""
    speaker, written = PlainSpeaker(sheet.language), io.StringIO()
    table = csv.writer(written)
    for row in ([*texts.HEADS], *sheet.rows):
        table.writerow([_safe("; ".join(speaker.write(one) for one in _several(cell))) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _row(
    cohort: Cohort, application: Application, person: Person, pairings: Sequence[Pairing], *, here: bool
) -> Sequence[Inline | Sequence[Inline]]:
    template = programs.template(cohort.template)
    partners = [member.person.name for one in pairings for member in one.members if member.person_id != person.id]
    liaisons = {one.liaison.id: one.liaison.name for one in pairings if one.liaison is not None}
    return (
        person.name,
        texts.ROLES[application.wanted],
        person.institution,
        Words(template.career[person.career]) if person.career in template.career else "",
        [template.topic_label(key) for key in application.wishes],
        [template.topic_label(key) for key in application.offers],
        application.places if application.offers else "",
        partners,
        list(liaisons.values()),
        texts.HERE[here],
    )


def _by_person(pairings: Iterable[Pairing]) -> defaultdict[int, list[Pairing]]:
    theirs: defaultdict[int, list[Pairing]] = defaultdict(list)
    for pairing in pairings:
        for member in pairing.members:
            theirs[member.person_id].append(pairing)
    return theirs


def _several(cell: Inline | Sequence[Inline]) -> Sequence[Inline]:
    return cell if isinstance(cell, list) else [cell]  # type: ignore[list-item]  # it is one


def _safe(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line}" if text.startswith(_STARTS_A_FORMULA) or line.startswith(_STARTS_A_FORMULA) else line
