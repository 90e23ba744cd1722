"""What people have begun to answer: kept until it is sent, and offered again when its form is reopened.

Words that somebody typed without a command wait here, too, until that person has said what they are for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select

from bot.domain import Draft, Person
from bot.services.office import Office
from bot.storage import queries
from bot.storage.work import Work
from bot.ui import Answer

LONGEST_RUN = 300
"""Characters of a command text under which a draft is kept."""

BATCH = 200
"""Drafts thrown away in one Work."""

FRESH = timedelta(days=1)
"""How long a form that was left counts as a question, and typed words wait for what they are for."""

_WORDS = "words "
"""Begins the run of words that no command has yet."""


async def save(work: Work, person: Person, run: str, answers: Mapping[str, Answer]) -> None:
    """Keep exactly these answers."""
    if len(run) > LONGEST_RUN:
        return
    kept = await queries.draft(work, person.id, run)
    if kept is None:
        work.add(Draft(person_id=person.id, run=run, answers=dict(answers), saved_at=work.now))
    else:
        kept.answers, kept.saved_at = dict(answers), work.now


async def begin(work: Work, person: Person, run: str, answers: Mapping[str, Answer]) -> None:
    """Remember that a form was asked for, beside what was answered before."""
    kept = await queries.draft(work, person.id, run)
    await save(work, person, run, {**({} if kept is None else kept.answers), **answers})


async def finish(work: Work, person: Person, run: str) -> None:
    """Forget what was begun: it was sent."""
    await work.session.execute(delete(Draft).where(Draft.person_id == person.id, Draft.run == run))


async def begun(work: Work, person: Person, path: str) -> dict[str, Answer]:
    """What was answered in forms of one command that were left, whichever way they were asked; the newest counts."""
    kept = select(Draft).where(Draft.person_id == person.id, Draft.run.startswith(path, autoescape=True))
    found: dict[str, Answer] = {}
    for draft in await work.all(kept.order_by(Draft.saved_at, Draft.id)):
        found |= {name: answer for name, answer in draft.answers.items() if answer}
    return found


async def forget(work: Work, person: Person, path: str) -> None:
    """Forget all of them."""
    kept = delete(Draft).where(Draft.person_id == person.id, Draft.run.startswith(path, autoescape=True))
    await work.session.execute(kept)


async def newest(work: Work, person: Person) -> Draft | None:
    """The form that this person was asked last, if they left it a short while ago."""
    fresh = select(Draft).where(Draft.person_id == person.id, Draft.saved_at > work.now - FRESH)
    return await work.first(fresh.where(~Draft.run.startswith(_WORDS)).order_by(Draft.saved_at.desc(), Draft.id.desc()))


async def keep_words(work: Work, person: Person, words: str) -> str:
    """Keep what somebody typed, for as long as it may be somebody's answer; the name under which it is found."""
    name = str(int(work.now.timestamp() * 1000))
    run, forget_at = _WORDS + name, work.now + FRESH
    work.add(Draft(person_id=person.id, run=run, answers={"words": words}, saved_at=work.now, forget_at=forget_at))
    return name


async def forget_words(office: Office) -> int:
    """Sweep: throw typed words away that nobody said the use of for a day; how many drafts that were."""
    async with office.storage.work() as work:
        old = select(Draft.id).where(Draft.forget_at <= work.now).order_by(Draft.forget_at).limit(BATCH)
        gone = await work.session.scalars(delete(Draft).where(Draft.id.in_(old)).returning(Draft.id))
        return len(gone.all())


async def take_words(work: Work, person: Person, name: str) -> str:
    """Those words, which are forgotten here now; nothing where they were taken before."""
    kept = await queries.draft(work, person.id, _WORDS + name)
    if kept is None:
        return ""
    await work.session.delete(kept)
    return str(kept.answers["words"])


async def put(work: Work, person: Person, run: str, field: str, words: str) -> None:
    """Put words into a form that is open again next: behind what stands in that field already."""
    kept = await queries.draft(work, person.id, run)
    before = "" if kept is None else str(kept.answers.get(field, ""))
    await begin(work, person, run, {field: f"{before}\n{words}" if before else words})
