"""People whom no message reaches: noted once, and the liaisons of their pairs hear of it once."""

from __future__ import annotations

from sqlalchemy import update

from bot.domain import Account, Letter, LetterKind, Nudge, Outcome, Person
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import team


async def note(work: Work, letter: Letter) -> None:
    """Write down that a letter found nobody, and that its periods reached nobody.

    A person is unreachable until they are heard of again.
    """
    await work.session.execute(
        update(Nudge).where(Nudge.letter_id == letter.id).values(outcome=Outcome.UNREACHABLE, letter_id=None)
    )
    person = await work.find(Person, letter.person_id)
    if person is None or person.unreachable_since is not None:
        return
    person.unreachable_since = work.now
    await work.session.execute(update(Account).where(Account.person_id == person.id).values(reachable=False))
    work.note("unreachable", community=person.community_id, person=person.id)
    liaisons = {p.liaison.id: p.liaison for p in await queries.live_pairings(work, person.id) if p.liaison is not None}
    for liaison in liaisons.values():
        news = NewLetter(
            key=f"unreachable:person-{person.id}:liaison-{liaison.id}:{work.now:%Y%m%d}",
            kind=LetterKind.DUTY,
            to=liaison,
            message=team.unreachable(person),
            about=f"person:{person.id}",
        )
        await post(work, person.community_id, news)
