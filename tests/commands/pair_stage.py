"""What the tests of goals and check-ins share: one pair on the stage, and what is stored of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from bot.domain import CheckIn, Event, Goal, Note, Pairing, Rider
from bot.services import checkins
from bot.storage import queries
from bot.ui import Message, codec
from tests.stage import Actor, Posted, Stage
from tests.wording import notice_of, words_of

INTRODUCED = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)
"""A Monday, four weeks before the cohort starts."""

GOAL = {"title": "Publish a short paper", "help": "Read two drafts and say what is unclear"}


@dataclass
class Pair:
    """Ada in New York is mentored by Ben in Los Angeles."""

    stage: Stage
    ada: Actor
    ben: Actor
    number: int

    async def goals(self) -> Sequence[Goal]:
        async with self.stage.app.storage.reading() as work:
            return await work.all(select(Goal).order_by(Goal.id))

    async def talks(self) -> Sequence[CheckIn]:
        """The check-ins, the oldest day first."""
        async with self.stage.app.storage.reading() as work:
            return await work.all(select(CheckIn).order_by(CheckIn.talked_on))

    async def notes(self) -> list[tuple[bool, str]]:
        """Whether each note is shared, and its words."""
        async with self.stage.app.storage.reading() as work:
            return [(note.shared, note.text) for note in await work.all(select(Note).order_by(Note.id))]

    async def riders(self, actor: Actor) -> list[str]:
        """What waits for somebody's next letter, as it will read."""
        async with self.stage.app.storage.reading() as work:
            found = await work.all(select(Rider).where(Rider.person_id == actor.id).order_by(Rider.id))
        return [words_of(codec.load(rider.message)) for rider in found]

    async def events(self, topic: str) -> Sequence[Event]:
        async with self.stage.app.storage.reading() as work:
            return await work.all(select(Event).where(Event.kind.startswith(f"{topic}.")).order_by(Event.id))

    async def signs(self) -> tuple[datetime | None, ...]:
        """The newest sign, and when each of three worries falls due."""
        async with self.stage.app.storage.reading() as work:
            row = await work.get(Pairing, self.number)
        return row.last_sign_at, row.first_contact_at, row.liaison_hears_at, row.liaison_told_at

    async def change(self, **values: object) -> None:
        """Set columns of the pairing."""
        async with self.stage.app.storage.work() as work:
            row = await work.get(Pairing, self.number)
            for name, value in values.items():
                setattr(row, name, value)

    async def taps(self, actor: Actor) -> checkins.Logged:
        """One tap on *We talked*, as a letter's button does it."""
        async with self.stage.app.storage.work() as work:
            pairing = await queries.pairing(work, self.number)
            assert pairing is not None
            member = pairing.member(actor.id)
            return await checkins.log(work, member, talked_on=checkins.today(work, member.person))

    async def takes_back(self, actor: Actor, place: int) -> None:
        """Undo one of the talks, counted from the oldest."""
        talk = (await self.talks())[place]
        await actor.runs("checkin undo", checkin=str(talk.id))
        assert "Taken back" in actor.text


async def paired(stage: Stage, *, now: datetime) -> Pair:
    """The pair, introduced on May 3, at a later moment."""
    stage.clock.set(INTRODUCED)
    ada, ben = await stage.person("Ada"), await stage.person("Ben", zone="America/Los_Angeles")
    number = await stage.pair(ben, ada, cohort=await stage.cohort())
    stage.clock.set(now)
    return Pair(stage, ada, ben, number)


async def strangers(pair: Pair) -> tuple[Actor, Actor]:
    """Another pair: Eve, mentored by Dan."""
    eve, dan = await pair.stage.person("Eve"), await pair.stage.person("Dan")
    await pair.stage.pair(dan, eve, cohort=await pair.stage.cohort())
    return eve, dan


async def second_pair(pair: Pair) -> tuple[Actor, int]:
    """Ben mentors Cleo too: who that is, and the number of their pair."""
    cleo = await pair.stage.person("Cleo")
    return cleo, await pair.stage.pair(pair.ben, cleo, cohort=await pair.stage.cohort())


async def write_goal(actor: Actor, **answers: str) -> Message:
    await actor.types("/goals set")
    reply = await actor.sends(**{**GOAL, **answers})
    assert isinstance(reply, Message)
    return reply


async def write_three(pair: Pair) -> None:
    for title in ("One", "Two", "Three"):
        await write_goal(pair.ada, title=title)


def first_goal_letters(actor: Actor) -> list[Posted]:
    return [post for post in actor.inbox if notice_of(post.message) == "Your mentoring pair has its first goal."]
