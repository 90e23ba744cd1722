"""What the tests of arrivals share: somebody whom Olga enters by name and mail, and who joins the chat later."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import Letter, LetterState, Person
from bot.ui import Form
from commands.spec import Request
from tests.stage import Actor, Stage

MAIL = "ada@example.org"

ANSWERS = {
    "wishes": ["cataloging"],
    "name": "Ada Lovelace",
    "zone": "America/New_York",
    "institution": "City Library",
    "career": "student",
}


async def enters(olga: Actor, *, name: str = "Ada Lovelace", mail: str = MAIL) -> None:
    """Olga enters somebody, who is asked no further questions."""
    await olga.types("/cohort person new")
    await olga.sends(name=name, mail=mail)


async def applies(olga: Actor, *, role: str = "As a mentee", **answers: object) -> None:
    """Olga enters somebody and writes their application down."""
    await enters(olga)
    form = await olga.presses(role)
    assert isinstance(form, Form), olga.text
    asked = {field.name for field in form.fields}
    await olga.sends(**{name: answer for name, answer in {**ANSWERS, **answers}.items() if name in asked})
    assert "Written down" in olga.text, olga.text


async def joins(stage: Stage, user: str, name: str, *, mail: str = "", says: str = "mentor status") -> Actor:
    """Somebody's first word to the bot, with what the platform knows of them."""
    request = Request(
        platform="test", space="stage", user=user, text=says, name=name, zone="America/New_York", mail=mail
    )
    reply = await stage.dispatch.answer(request)
    async with stage.app.storage.reading() as work:
        number = await work.first(select(Person.id).order_by(Person.id.desc()))
    return Actor(stage, number or 0, user, name, "America/New_York", last=reply)


async def person_with(stage: Stage, mail: str = MAIL) -> Person | None:
    """Whose mail address it is."""
    async with stage.app.storage.reading() as work:
        return await work.first(select(Person).where(Person.mail == mail))


async def kept(stage: Stage) -> int:
    """Letters that wait for somebody's arrival."""
    async with stage.app.storage.reading() as work:
        return len(await work.all(select(Letter.id).where(Letter.state == LetterState.KEPT)))


async def people(stage: Stage) -> list[str]:
    """Everybody's name."""
    async with stage.app.storage.reading() as work:
        return [person.name for person in await work.all(select(Person).order_by(Person.id))]
