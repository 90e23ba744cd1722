"""A stage for tests: a stopped clock, a messenger that keeps what it carries, and people who type, press and send.

async def test_something(stage: Stage) -> None:
    ada = await stage.person("Ada", zone="America/New_York")
    reply = await ada.types("/mentor join mentee")     # Message, Form or Changed
    reply = await ada.sends(wishes=["cataloging"])     # answers the last form (its values are kept, yours added)
    reply = await ada.presses("Where do I stand?")     # a button of the last thing that Ada saw, by its label
    await stage.forward(days=14)                       # everything that falls due on the way happens
    assert "talk" in ada.text                          # all words of the last thing that Ada saw
    ada.inbox                                          # letters that reached her own direct messages, as Posted
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import app as bot_app
from bot.domain import (
    Account,
    Channel,
    Cohort,
    CohortState,
    Community,
    Duty,
    Member,
    Pairing,
    PairingState,
    Person,
    Place,
    PlaceState,
    Role,
    Space,
    TeamMember,
)
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble
from bot.scheduling.turning import turn_to
from bot.services import calendar, cohort_dates
from bot.services.office import Office
from bot.storage.work import Storage, Work, work_is_open
from bot.ui import Button, Changed, Form, Message, Reply
from bot.ui.message import NOTICE_LENGTH
from commands import CATALOG
from commands.dispatch import Dispatch
from commands.spec import Request
from tests.databases import Connections
from tests.everywhere import check_everywhere
from tests.wording import check_notice, label_of, notice_of, words_of

START = datetime(2027, 2, 1, 15, 0, tzinfo=UTC)
"""A Monday morning in America."""


class StoppedClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, instant: datetime) -> None:
        self._now = instant


@dataclass
class Posted:
    """What a messenger carried: to a user or a conversation, at which moment, and how it reads now."""

    letter: int
    user: str
    conversation: str
    at: datetime
    message: Message
    zone: str
    receipt: Receipt
    community: int
    rewritten: int = 0

    @property
    def text(self) -> str:
        return words_of(self.message, self.zone)


class KeepingMessenger:
    """Carries messages nowhere and keeps them; can be told to fail for a user or to crash after posting."""

    def __init__(self, clock: StoppedClock) -> None:
        self.clock = clock
        self.posts: list[Posted] = []
        self.closed: set[str] = set()
        self.busy: set[str] = set()

    async def send(self, parcel: Parcel) -> Receipt:
        assert not work_is_open(), "no message is sent while a Work is open"
        check_notice(parcel.message)
        check_everywhere(parcel.message)
        if {parcel.user, parcel.conversation} & self.closed:
            raise NotDelivered(Trouble.CLOSED)
        if parcel.user in self.busy:
            raise NotDelivered(Trouble.BUSY, seconds=60)
        receipt = Receipt(parcel.conversation or f"dm-{parcel.user}", str(len(self.posts) + 1))
        self.posts.append(
            Posted(
                parcel.letter,
                parcel.user,
                receipt.conversation,
                self.clock.now(),
                parcel.message,
                parcel.zone,
                receipt,
                parcel.community,
            )
        )
        return receipt

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        for post in self.posts:
            if post.receipt == receipt:
                post.message, post.rewritten = parcel.message, post.rewritten + 1

    async def find(self, parcel: Parcel) -> Receipt | Search:
        return next((post.receipt for post in self.posts if post.letter == parcel.letter), Search.ABSENT)

    async def open_place(self, order: PlaceOrder) -> str:
        assert not work_is_open()
        return f"room-{order.place}"


@dataclass
class Actor:
    """Somebody on the stage. `id` is the person's number, `user` what the platform calls them.

    With no `space` they write in a direct message that belongs to no server, as on Discord.
    """

    stage: Stage
    id: int
    user: str
    name: str
    zone: str
    space: str | None = "stage"
    is_admin: bool = False
    last: Reply | None = None
    pressed_from: Posted | None = None
    seen: int = field(default=0)

    async def types(self, text: str, *, conversation: str = "") -> Reply:
        return await self._ask(
            Request(platform="test", space=self.space, user=self.user, text=text, conversation=conversation)
        )

    async def runs(self, path: str, **args: str) -> Reply:
        """Press a button that may no longer be shown: what a forged or stale press looks like."""
        return await self._ask(Request(platform="test", space=self.space, user=self.user, text=path, args=args))

    async def presses(self, label: str) -> Reply:
        """Press a button by its label: of the last reply, else of the newest letter that has it."""
        button, post = self._find(label)
        receipt = post.receipt if post else None
        reply = await self._ask(
            Request(
                platform="test",
                space=self.space,
                user=self.user,
                text=button.run,
                args=button.args,
                pressed=receipt,
                community=post.community if post else button.community,
            )
        )
        if isinstance(reply, Changed) and post is not None:
            post.message = reply.message
        return reply

    async def sends(self, **values: Any) -> Reply:
        form = self.last
        assert isinstance(form, Form), f"{self.name} has no open form but {form!r}"
        answers: Mapping[str, Any] = {**form.values, **values}
        return await self._ask(
            Request(
                platform="test",
                space=self.space,
                user=self.user,
                text=form.run,
                args=answers,
                submitted=True,
                community=form.community,
            )
        )

    @property
    def inbox(self) -> list[Posted]:
        return [post for post in self.stage.messenger.posts if post.user == self.user]

    @property
    def rooms(self) -> list[Posted]:
        """What was posted in places that this person is in (and in channels, which all see)."""
        return [post for post in self.stage.messenger.posts if not post.user]

    @property
    def text(self) -> str:
        """All words of the last reply."""
        assert self.last is not None
        return words_of(self.last, self.zone)

    def labels(self) -> list[str]:
        """Labels of the buttons of the last reply."""
        shown = self.last.message if isinstance(self.last, Changed) else self.last
        return [label_of(button) for button in shown.buttons()] if isinstance(shown, Message) else []

    async def _ask(self, request: Request) -> Reply:
        if self.is_admin and self.stage.dispatch.asks_admin(request.text):
            request = replace(request, is_admin=True)
        self.last = await self.stage.dispatch.answer(request)
        assert "Something went wrong on my side" not in self.text, f"a bug answered {request.text!r}"
        shown = self.last.message if isinstance(self.last, Changed) else self.last
        check_everywhere(shown)
        if isinstance(shown, Message):
            assert len(notice_of(shown)) <= NOTICE_LENGTH, (
                f"a notice of {len(notice_of(shown))} characters: {notice_of(shown)!r}"
            )
        return self.last

    def _find(self, label: str) -> tuple[Button, Posted | None]:
        shown = self.last.message if isinstance(self.last, Changed) else self.last
        if isinstance(shown, Message):
            for button in shown.buttons():
                if label_of(button) == label:
                    return button, None
        for post in sorted([*self.inbox, *self.rooms], key=lambda post: -int(post.receipt.posted)):
            for button in post.message.buttons():
                if label_of(button) == label:
                    return button, post
        raise AssertionError(f"{self.name} sees no button “{label}”; the last reply has {self.labels()}")


class Stage:
    """A community with its bot, a stopped clock and people."""

    def __init__(self, app: bot_app.App, clock: StoppedClock, messenger: KeepingMessenger) -> None:
        self.app = app
        self.clock = clock
        self.messenger = messenger
        self.dispatch = Dispatch(app.storage, CATALOG)
        self.people: dict[str, Actor] = {}

    async def person(self, name: str, *duties: Duty, zone: str = "America/New_York", space: str = "stage") -> Actor:
        """Somebody in a space, which comes with a community of its own where it is not known yet."""
        async with self.app.storage.work() as work:
            home = await _space(work, space)
            person = Person(community_id=home.community_id, name=name, zone=zone, created_at=work.now)
            work.add(person)
            await work.flush()
            work.add(Account(space_id=home.id, user=f"U{person.id}", person_id=person.id))
            work.add(
                *(
                    TeamMember(community_id=home.community_id, person_id=person.id, duty=duty, since=work.now)
                    for duty in duties
                )
            )
        self.people[name] = Actor(self, person.id, f"U{person.id}", name, zone, space)
        return self.people[name]

    async def cohort(self, **values: Any) -> Cohort:
        """An active cohort of the template alcts, June 1 2027 to April 30 2028, unless `values` say otherwise."""
        dates = {
            "opens_on": date(2027, 1, 15),
            "closes_on": date(2027, 3, 15),
            "announced_on": date(2027, 5, 3),
            "starts_on": date(2027, 6, 1),
            "ends_on": date(2028, 4, 30),
        }
        async with self.app.storage.work() as work:
            space = await _space(work)
            defaults: dict[str, Any] = {
                "community_id": space.community_id,
                "template": "alcts",
                "title": "Mentoring 2027-28",
                "state": CohortState.ACTIVE,
                "zone": "America/Chicago",
                "topics": ["acquisitions", "cataloging", "collections", "publishing"],
                "created_at": work.now,
                **dates,
            }
            cohort = Cohort(**{**defaults, **values})
            cohort_dates.plan(cohort)
            work.add(cohort)
        return cohort

    async def pair(
        self,
        mentor: Actor,
        mentee: Actor,
        *,
        cohort: Cohort,
        liaison: Actor | None = None,
        starts: date | None = None,
    ) -> int:
        """An active pairing that begins on a day, or with the cohort, with an open place; its number."""
        async with self.app.storage.work() as work:
            space = await _space(work)
            numbers = ",".join(str(n) for n in sorted((mentor.id, mentee.id)))
            place = Place(
                space_id=space.id, people=numbers, name="pair", conversation=f"room-{numbers}", state=PlaceState.OPEN
            )
            work.add(place)
            await work.flush()
            pairing = Pairing(
                cohort_id=cohort.id,
                state=PairingState.ACTIVE,
                liaison_id=liaison.id if liaison else None,
                place_id=place.id,
                starts_on=starts or cohort.starts_on,
                introduced_at=work.now,
            )
            work.add(pairing)
            await work.flush()
            for actor, role in ((mentor, Role.MENTOR), (mentee, Role.MENTEE)):
                work.add(Member(pairing_id=pairing.id, person_id=actor.id, role=role))
            await work.flush()
            await calendar.plan(work, [mentor.id, mentee.id])
        return pairing.id

    async def pulse(self) -> int:
        """Do what is due now: deliver letters, run tasks."""
        return await self.app.pulse()

    async def forward(self, **delta: float) -> None:
        """Turn the clock: days=14, hours=1 …"""
        await self.to(self.clock.now() + timedelta(**delta))

    async def to(self, moment: datetime | date) -> None:
        """Turn the clock to an instant, or to noon UTC of a day."""
        instant = (
            moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day, 12, tzinfo=UTC)
        )
        await turn_to(self.app.office, self.clock, instant)

    def channel(self, name: str) -> list[Posted]:
        """What was posted in a channel."""
        return [post for post in self.messenger.posts if post.conversation == f"C-{name}"]


async def _space(work: Work, external: str = "stage") -> Space:
    from bot.storage import queries

    found = await queries.space_of(work, "test", external)
    if found is not None:
        return found
    name = "Library Mentoring" if external == "stage" else f"{external.title()} Mentoring"
    community = Community(name=name, zone="America/Chicago", created_at=work.now)
    work.add(community)
    await work.flush()
    space = Space(community_id=community.id, platform="test", external=external, name=external.title())
    work.add(space)
    await work.flush()
    work.add(
        Channel(space_id=space.id, conversation="C-mentoring", name="mentoring", private=False),
        Channel(space_id=space.id, conversation="C-liaisons", name="liaisons", private=True),
    )
    return space


@pytest.fixture
def stage(database: str, connections: Connections) -> Stage:
    """An empty community over a fresh database, once on SQLite and once on PostgreSQL."""
    clock = StoppedClock()
    messenger = KeepingMessenger(clock)
    storage = Storage(connections.engines(database), clock)
    return Stage(bot_app.App(storage, clock, Office(storage, {"test": messenger})), clock, messenger)
