"""One person's turn: what is settled for them now, and the letter that follows from it. Decides, writes nothing."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot import programs
from bot.domain import Member, Outcome, Pace, Person, Rider, rhythm
from bot.services import calendar, composing, needs, periods, phases, riders, silence
from bot.services.desk import Desk
from bot.services.periods import LETTERS, Period, Settled
from bot.services.phases import Begun
from bot.texts.sheet import About, Sheet, Topic
from bot.texts.team import who
from bot.ui import codec

MOST_PROMPTS = 3
"""Pairs in one letter up to which each gets a question to talk about; more would not be read."""

_MIDNIGHT = time(0)
_PROMPTED = frozenset({Topic.TALK, Topic.THANKS})


@dataclass(frozen=True, slots=True)
class Entry:
    """One settled period as it is written down; only the newest of a member that comes with a letter has a topic."""

    settled: Settled
    topic: Topic | None = None
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The letter of a turn, and the news that ride in it."""

    sheet: Sheet
    day: date
    closes_at: datetime
    news: Sequence[Rider]
    begun: Sequence[Begun]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What follows for one person; without entries, only the moment to come back."""

    person: Person
    next_at: datetime | None
    pace: Pace
    unanswered: int
    pace_asked_at: datetime | None
    entries: Sequence[Entry] = ()
    draft: Draft | None = None


def take(person: Person, desk: Desk, *, hears: MutableMapping[int, datetime], now: datetime) -> Turn:
    """Decide about one person. `hears` collects when liaisons hear of silences that are asked about now."""
    members = desk.members.get(person.id, ())
    due = periods.fallen_due(person, members, now)
    following = _following(person, members, due)
    if not due or (later := _later(person, due, following, now)) is not None:
        return _waits(person, later if due else following)
    pace = _pace(person)
    entries = _entries(periods.settle(due, desk.logged, pace=pace, now=now), desk, now=now)
    asks_pace = _asks_pace(person, entries, pace)
    nudged = any(entry.topic and entry.settled.outcome is Outcome.NUDGED for entry in entries)
    return Turn(
        person=person,
        next_at=following,
        pace=pace,
        unanswered=person.unanswered + nudged,
        pace_asked_at=now if asks_pace else person.pace_asked_at,
        entries=entries,
        draft=_draft(person, entries, desk, hears=hears, now=now, asks_pace=asks_pace, closes_at=following),
    )


def _waits(person: Person, until: datetime | None) -> Turn:
    return Turn(
        person=person,
        next_at=until,
        pace=person.pace,
        unanswered=person.unanswered,
        pace_asked_at=person.pace_asked_at,
    )


def _later(person: Person, due: Sequence[Period], following: datetime | None, now: datetime) -> datetime | None:
    """When to come back instead: at the person's next decent hour, or with the next letter if that one is near.

    Both happen after the bot was down. A letter that is late by more than half a period waits for the next one, so that
    letters are never less than half a period apart; that one then serves both.
    """
    newest = max(due, key=lambda period: period.day)
    beat = programs.template(newest.member.pairing.cohort.template).rhythm
    fell_due = calendar.due_at(person, newest.member, newest.number) or now
    if following is not None and now - fell_due > timedelta(days=beat.every_days) / 2:
        return following
    quiet = frozenset[date]().union(*(period.member.pairing.cohort.quiet for period in due))
    decent = rhythm.next_decent(now, person.reader(quiet), rhythm=beat)
    return decent if decent > now else None


def _following(person: Person, members: Sequence[Member], due: Sequence[Period]) -> datetime | None:
    """When the first period falls due after those that are settled now."""
    newest = {member.id: member.period for member in members} | {period.member.id: period.number for period in due}
    coming = (calendar.due_at(person, member, newest[member.id] + 1) for member in members)
    return min((at for at in coming if at is not None), default=None)


def _pace(person: Person) -> Pace:
    """The person's pace; who was asked which one suits and did not answer gets a letter a month."""
    asked = person.pace_asked_at is not None and person.pace is Pace.FORTNIGHTLY
    return Pace.MONTHLY if asked else person.pace


def _entries(settled: Sequence[Settled], desk: Desk, *, now: datetime) -> list[Entry]:
    spoken = {one.period.member.id: one for one in settled if one.outcome in LETTERS}
    used: set[str] = set()
    entries = []
    for one in settled:
        if spoken.get(one.period.member.id) is not one:
            entries.append(Entry(one))
            continue
        topic = _topic(one, desk, now)
        asks = topic in _PROMPTED and len(spoken) <= MOST_PROMPTS
        entries.append(Entry(one, topic, _prompt(one.period, desk, used=used, now=now) if asks else ""))
    return entries


def _topic(one: Settled, desk: Desk, now: datetime) -> Topic:
    member = one.period.member
    told = [each for each in desk.told.get(member.person_id, ()) if each.member == member.id]
    goals = desk.goals.get(member.pairing_id, 0)
    heard = member.pairing_id in desk.heard
    return needs.topic(
        needs.Case(period=one.period, outcome=one.outcome, told=told, goals=goals, now=now, is_heard=heard)
    )


def _prompt(period: Period, desk: Desk, *, used: set[str], now: datetime) -> str:
    """A question that this person has never had in a letter, and not yet in this one; nothing when all are used."""
    cohort, member = period.member.pairing.cohort, period.member
    template = programs.template(cohort.template)
    phase = template.phase_on(cohort.today(now), starts_on=cohort.starts_on, ends_on=cohort.ends_on)
    before = used | {each.prompt for each in desk.told.get(member.person_id, ())}
    fresh = template.fresh_prompt(phase.key, member.role, used=before)
    if fresh is None:
        return ""
    used.add(fresh.key)
    return fresh.key


def _asks_pace(person: Person, entries: Sequence[Entry], pace: Pace) -> bool:
    """Whether this letter asks which pace suits: after some without an answer, and never beside a worry."""
    asking = [entry for entry in entries if entry.topic and entry.settled.outcome is Outcome.NUDGED]
    if not asking or pace is not Pace.FORTNIGHTLY or any(entry.topic is Topic.SILENCE for entry in asking):
        return False
    template = programs.template(asking[0].settled.period.member.pairing.cohort.template)
    return person.unanswered >= template.nudges.unanswered


def _draft(
    person: Person,
    entries: Sequence[Entry],
    desk: Desk,
    *,
    hears: MutableMapping[int, datetime],
    now: datetime,
    asks_pace: bool,
    closes_at: datetime | None,
) -> Draft | None:
    spoken = [(entry.settled.period, entry.topic, entry.prompt) for entry in entries if entry.topic]
    if not spoken:
        return None
    for period, topic, _ in spoken:
        if topic is Topic.SILENCE:
            _plan_silence(period, hears, now)
    begun = phases.begun([period for period, _, _ in spoken], desk.told.get(person.id, ()), now=now)
    news = riders.chosen(desk.news.get(person.id, ()))
    sheet = Sheet(
        reader=who(person),
        abouts=[
            _about(period.member, topic, prompt, hears.get(period.member.pairing_id))
            for period, topic, prompt in spoken
        ],
        news=[*(one.message for one in begun), *(codec.load(rider.message) for rider in news)],
        asks_pace=asks_pace,
    )
    day = max(period.day for period, _, _ in spoken)
    return Draft(sheet, day, closes_at or _end(spoken[0][0].member, person), news, begun)


def _about(member: Member, topic: Topic, prompt: str, hears_at: datetime | None) -> About:
    return composing.about(member.pairing, member, topic=topic, prompt=prompt, hears_at=hears_at)


def _plan_silence(period: Period, hears: MutableMapping[int, datetime], now: datetime) -> None:
    """Name the day on which the liaison hears of a silence; the first member who is asked decides it for all."""
    pairing = period.member.pairing
    if pairing.liaison_hears_at is None and pairing.id not in hears:
        hears[pairing.id] = silence.hears_at(pairing, asked_on=max(period.day, pairing.cohort.today(now)))


def _end(member: Member, person: Person) -> datetime:
    """The end of the pairing's last day: when its last letter is over."""
    return rhythm.at_local(calendar.last_day(member.pairing) + timedelta(days=1), _MIDNIGHT, zone=person.tz)
