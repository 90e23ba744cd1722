"""The demo transcript, played on Slack from payload to payload: the same steps as in the sandbox, the same words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from adapters.sandbox.cast import CAST, Actor
from adapters.sandbox.story import STORY, Channel, Presses, Sees, Sends, Step, Types, Waits
from bot.domain import Duty
from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import Post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Player:
    """Plays steps on Slack, one person at a time."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.people: dict[str, Person] = {}
        self.seen: dict[str, Post] = {}

    async def gather(self) -> None:
        """The standing cast: a coordinator, her liaisons, a call, and those who have applied."""
        for actor in CAST:
            newcomer = actor.newcomer
            is_admin = Duty.COORDINATOR in newcomer.duties
            self.people[newcomer.name] = self.town.person(newcomer.name, zone=newcomer.zone, is_admin=is_admin)
            await self.people[newcomer.name].types("/mentor help")
        olga = self.people["Olga"]
        await olga.types("/cohort setup")
        await olga.sends()
        for actor in CAST:
            if Duty.LIAISON in actor.newcomer.duties:
                await olga.types(f"/cohort team add liaison <@{self.people[actor.newcomer.name].user}>")
        await olga.types("/liaison channel #liaisons")
        await olga.types("/cohort create template:alcts")
        await olga.sends(title="Mentoring 2027–28", zone="America/Chicago", **self._dates())
        await olga.presses("Open the call")
        await olga.presses("mentoring")
        await olga.presses("Post it")
        for actor in CAST:
            if actor.role:
                await self._apply(actor)

    async def play(self, step: Step) -> None:
        match step:
            case Types(who, text):
                await self.people[who].types(text)
            case Sends(who, answers):
                await self.people[who].sends(**answers)
                assert "errors" not in (view.body if (view := self.people[who].modal) else {})
            case Presses(who, label):
                await self.people[who].presses(label)
            case Waits(who, said, days):
                await self._wait(self.people[who], said, days=days)
            case Sees(who, said):
                assert said in self._newest(who), f"{who} sees {self._newest(who)!r}"
            case Channel(name, said):
                known = {f"mentoring-{one.get('name')}": one["id"] for one in self.town.fake.channels.values()}
                posts = [post for post in self.town.fake.posts if post.channel == known[name]]
                assert any(said in self._words(post) for post in posts)

    async def _apply(self, actor: Actor) -> None:
        person = self.people[actor.newcomer.name]
        own = {"name": actor.newcomer.name, "zone": actor.newcomer.zone, **actor.answers}
        await person.types(f"/mentor join {actor.role}")
        await person.presses("Add more")
        if actor.begun:
            await person.closes(**own)
        else:
            await person.sends(**own, conduct="yes")
            assert "has arrived" in person.text

    async def _wait(self, person: Person, said: str, *, days: int) -> None:
        for _day in range(days + 7):  # it is told of a call that opens within a week; here that is on a Monday
            known = [post.ts for post in person.posts]
            after = known.index(self.seen[person.name].ts) + 1 if person.name in self.seen else 0
            for post in person.posts[after:]:
                if said in self._words(post):
                    self.seen[person.name] = post
                    return
            await self.town.forward(days=1)
        raise AssertionError(f"{person.name} did not read {said!r}: {[self._words(p)[:90] for p in person.posts[-4:]]}")

    def _newest(self, who: str) -> str:
        person = self.people[who]
        return words(person.modal.body) if person.modal is not None else self._words(person.posts[-1])

    def _words(self, post: Post) -> str:
        said = words(post.blocks)
        for person in self.people.values():
            said = said.replace(f"<@{person.user}>", person.name)
        return said

    def _dates(self) -> dict[str, str]:
        today = self.town.clock.now().date()
        monday = today + timedelta(days=7 - today.weekday())
        days: dict[str, date] = {
            "opens_on": today,
            "closes_on": monday + timedelta(weeks=2),
            "announced_on": monday + timedelta(weeks=3, days=1),
            "starts_on": monday + timedelta(weeks=5),
            "ends_on": monday + timedelta(weeks=52, days=4),
        }
        return {name: day.isoformat() for name, day in days.items()}


async def test_the_story_goes_on_slack_as_it_is_told(town: Town) -> None:
    player = Player(town)
    await player.gather()
    for chapter in STORY:
        for step in chapter.steps:
            try:
                await player.play(step)
            except AssertionError as error:
                raise AssertionError(f"{chapter.title}: {step}") from error
