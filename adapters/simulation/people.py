"""The invented people, and the pairs they become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from adapters.simulation.temper import Temper

ZONES = {
    "America/New_York": 34,
    "America/Chicago": 25,
    "America/Denver": 10,
    "America/Los_Angeles": 18,
    "Asia/Kolkata": 5,
    "Pacific/Auckland": 4,
    "America/Sao_Paulo": 4,
}
"""Where people live, in shares of a hundred."""

FIRST = (
    "Ada", "Amir", "Ana", "Ben", "Beth", "Chloe", "Carlos", "Dana", "Dev", "Elena", "Emil", "Fatima", "Felix",
    "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jade", "Jonas", "Kofi", "Lena", "Liam", "Mai", "Marta", "Nadia", "Noor",
    "Omar", "Petra", "Quinn", "Rosa", "Ravi", "Sofia", "Sven", "Tara", "Tomás", "Uma", "Vera", "Wei", "Xenia", "Yara",
    "Zane",
)  # fmt: skip
LAST = (
    "Abbott", "Alvarez", "Becker", "Brandt", "Castillo", "Chen", "Dubois", "Duarte", "Ekström", "Farouk", "Ferreira",
    "Garcia", "Haddad", "Hughes", "Ivanova", "Jensen", "Kaur", "Kim", "Larsen", "Lopez", "Mbeki", "Meyer", "Nakamura",
    "Nguyen", "Okafor", "Olsen", "Patel", "Quist", "Rao", "Rivera", "Sato", "Silva", "Tanaka", "Turner", "Ueda",
    "Vargas", "Walker", "Weber", "Xu", "Young", "Zhang", "Zimmer",
)  # fmt: skip

LATELY = timedelta(days=28)


@dataclass(slots=True, eq=False)
class Resident:
    """One invented person. `wanted` is how they apply, `places` how many mentees they would take."""

    user: str
    name: str
    zone: str
    temper: Temper
    rng: Random
    wanted: str = ""
    places: int = 1
    bonds: list[Bond] = field(default_factory=list)

    def likely(self, share: float) -> bool:
        """Whether something happens that happens so often, from 0 to 1."""
        return self.rng.random() < share

    def living(self) -> Iterator[Bond]:
        """The pairs that this person is in, as far as they know."""
        return (bond for bond in self.bonds if bond.goes_on(self))


@dataclass(slots=True, eq=False)
class Bond:
    """A pair as its two people know it: what really happens between them, and what the bot was told of it."""

    pair: str
    room: str
    people: tuple[Resident, ...]
    talked_at: datetime | None = None
    told: set[str] = field(default_factory=set)
    """Who told the bot of the newest talk."""
    talks: int = 0
    told_by_both: int = 0
    """Talks of which more than one of them told."""
    goals: int = 0
    left_by: Resident | None = None
    """Who has said to the bot that they leave; the others may not know yet."""
    is_over: bool = False
    """Whether everybody in it knows that it has ended."""

    @property
    def days(self) -> float:
        """How many days lie between two talks, typically: the slower of the two decides most."""
        days = sorted(who.temper.days for who in self.people)
        return (days[0] + 2 * days[-1]) / 3

    def goes_on(self, who: Resident) -> bool:
        """Whether this person believes that the pair goes on."""
        return not self.is_over and self.left_by is not who

    def talked_on(self, who: Resident) -> date:
        """The day of the newest talk, by this person's calendar. Raises RuntimeError if there was none."""
        if self.talked_at is None:
            raise RuntimeError("the two have not talked yet")
        return self.talked_at.astimezone(ZoneInfo(who.zone)).date()

    def has_news(self, who: Resident) -> bool:
        """Whether there was a talk of which this person has not told the bot."""
        return self.talked_at is not None and who.user not in self.told

    def talks_lately(self, now: datetime) -> bool:
        """Whether the two talked in the last weeks."""
        return self.talked_at is not None and now - self.talked_at < LATELY

    def tell(self, who: Resident) -> None:
        """This person tells the bot of the newest talk."""
        self.told_by_both += bool(self.told)
        self.told.add(who.user)


def invent(number: int, seed: int, temper: Temper, *, rng: Random) -> Resident:
    """The person with this number. Their own chances are their own, so that what one does changes nobody else's."""
    zone = rng.choices(list(ZONES), list(ZONES.values()))[0]
    own = Random(f"{seed}:{number}")
    return Resident(f"U{number}", _name(number), zone, temper, own)


def _name(number: int) -> str:
    """A name that nobody else has."""
    first, last = FIRST[number % len(FIRST)], LAST[(number * 5 + number // len(FIRST)) % len(LAST)]
    again = number // (len(FIRST) * len(LAST))
    initials = f" {chr(64 + again)}." if again else ""
    return f"{first}{initials} {last}"
