"""Check-ins: that a pair talked, what they noted, and looking back at it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from bot.domain import LIVE, CheckIn, Cohort, Goal, Member, Note, Pairing
from bot.programs import Template, template
from bot.services import checkins, goals, notes, opened
from bot.services.checkins import Details
from bot.storage import queries
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Work
from bot.texts import checkins as texts
from bot.ui import Answer, Changed, Choice, Day, Field, Kind, Message, Reply, Words, _
from commands.filling import MOST_TAPS
from commands.sources import number
from commands.spec import Me, Refused, Source, command, today_here

MOST_MINUTES = 600

PAIR = Field("pair", _("With whom did you talk?"), Kind.ONE, source="my pairs")
DATE = Field("date", _("Day"), Kind.DATE, required=False, hint=_("Today, if you leave this empty."), back=True)
HOW = Field("how", _("How you talked"), Kind.ONE, source="ways of talking", required=False)
MINUTES = Field("minutes", _("Minutes"), Kind.NUMBER, required=False, least=1, most=MOST_MINUTES)
NOTE = Field(
    "note",
    _("A note for you both"),
    Kind.TEXT,
    required=False,
    max_length=notes.LONGEST,
    hint=_("You and your partner read it and nobody else does. Liaisons never see it."),
)
PRIVATE = Field(
    "private",
    _("A note for you alone"),
    Kind.TEXT,
    required=False,
    max_length=notes.LONGEST,
    hint=_("Nobody but you reads it: neither your partner nor a liaison."),
)
CHECKIN = Field("checkin", _("Which talk do you mean?"), Kind.ONE, source="my check-ins")
INTRO = _("The day is enough. Your liaison sees that you talked, never what you note.")


async def _goals_of_pair(work: Work, me: Me, values: Mapping[str, Any]) -> Sequence[Field]:
    """Which goals a talk was about, where the pair has any."""
    return await _goals_field(work, values["pair"]) if "pair" in values else ()


async def _today(work: Work, me: Me, values: Mapping[str, Any]) -> Mapping[str, Answer]:
    return {DATE.name: today_here(work, me).isoformat()}


@command(
    "checkin log",
    _("Note that you talked"),
    DATE,
    HOW,
    MINUTES,
    NOTE,
    PRIVATE,
    PAIR,
    more=_goals_of_pair,
    prefill=_today,
    intro=INTRO,
)
async def log_talk(
    work: Work,
    me: Me,
    *,
    pair: Pairing,
    date: datetime.date | None,
    how: str | None,
    minutes: int | None,
    note: str | None,
    private: str | None,
    goals: Sequence[str] | None = None,
) -> Reply:
    """Note a talk, today unless another day is given."""
    talked_on = date or today_here(work, me)
    _refuse_day(work, me, pair=pair, day=talked_on)
    member = pair.member(me.person.id)
    details = _details(how, minutes, goals=goals, note=note, private=private)
    logged = await checkins.log(work, member, talked_on=talked_on, details=details)
    about, written = await _beside(work, logged.check_in, member=member)
    return texts.logged(logged.check_in, pairing=pair, me=me.person, is_new=logged.is_new, goals=about, notes=written)


async def _questions(work: Work, me: Me, values: Mapping[str, Any]) -> Sequence[Field]:
    """What can be changed of a talk: its day by whoever noted it, the rest by both."""
    check_in: CheckIn = values["checkin"]
    pair = await checkins.pairing_of(work, check_in.pairing_id)
    is_mine = check_in.logged_by_id == pair.member(me.person.id).id
    days = (DATE,) if is_mine else ()
    return (*days, HOW, MINUTES, NOTE, PRIVATE, *await _goals_field(work, pair, *check_in.goals))


async def _known(work: Work, me: Me, values: Mapping[str, Any]) -> Mapping[str, Answer]:
    check_in: CheckIn = values["checkin"]
    pair = await checkins.pairing_of(work, check_in.pairing_id)
    own = await notes.own(work, check_in, member=pair.member(me.person.id))
    known: dict[str, Answer] = {
        DATE.name: check_in.talked_on.isoformat(),
        HOW.name: check_in.way,
        MINUTES.name: str(check_in.minutes or ""),
        NOTE.name: own[True].text if True in own else "",
        PRIVATE.name: own[False].text if False in own else "",
        "goals": [str(goal) for goal in check_in.goals],
    }
    return {name: answer for name, answer in known.items() if answer}


@command(
    "checkin details",
    _("Add to a talk, or change what is noted"),
    CHECKIN,
    more=_questions,
    prefill=_known,
    intro=INTRO,
    listed=False,
)
async def change_talk(
    work: Work,
    me: Me,
    *,
    checkin: CheckIn,
    how: str | None,
    minutes: int | None,
    note: str | None,
    private: str | None,
    date: datetime.date | None = None,
    goals: Sequence[str] | None = None,
) -> Reply:
    """Replace what is noted of a talk."""
    pair = await checkins.pairing_of(work, checkin.pairing_id)
    member = pair.member(me.person.id)
    talked_on = date or checkin.talked_on
    if talked_on != checkin.talked_on:
        _refuse_day(work, me, pair=pair, day=talked_on)
    details = _details(how, minutes, goals=goals, note=note, private=private)
    if not await checkins.amend(work, member, check_in=checkin, talked_on=talked_on, details=details):
        raise Refused(texts.taken(talked_on), field=DATE.name)
    about, written = await _beside(work, checkin, member=member)
    return texts.amended(checkin, pairing=pair, me=me.person, goals=about, notes=written)


@command("checkin undo", _("Take a check-in back"), CHECKIN, listed=False)
async def undo_talk(work: Work, me: Me, *, checkin: CheckIn) -> Reply:
    """Take back a talk that this person noted."""
    pair = await checkins.pairing_of(work, checkin.pairing_id)
    confirmed = await checkins.confirmed_by(work, pair, checkin)
    if not await checkins.undo(work, pair.member(me.person.id), checkin):
        raise Refused(texts.not_mine_to_undo(pair.partner(me.person.id).person))
    await opened.renew(work, checkin.id, pair)
    stays_with = None if confirmed is None else confirmed.person
    return Changed(texts.taken_back(checkin.talked_on, pairing=pair, stays_with=stays_with))


@command(
    "checkin history",
    _("Look back at your talks"),
    Field("pair", _("Your talks with whom?"), Kind.ONE, source="my pairs, also those that ended"),
    reads=True,
)
async def show_history(work: Work, me: Me, *, pair: Pairing) -> Reply:
    """Show the newest talks."""
    return await _history(work, me, pair=pair, before=None)


@command("checkin earlier", _("Look further back"), CHECKIN, reads=True, listed=False)
async def show_earlier(work: Work, me: Me, *, checkin: CheckIn) -> Reply:
    """Show the talks before another one."""
    pair = await checkins.pairing_of(work, checkin.pairing_id)
    return await _history(work, me, pair=pair, before=checkin)


async def _history(work: Work, me: Me, *, pair: Pairing, before: CheckIn | None) -> Message:
    page = await checkins.history(work, pair.member(me.person.id), before=before)
    return texts.history(page.check_ins, notes=page.notes, pairing=pair, me=me.person, has_earlier=page.has_earlier)


def _refuse_day(work: Work, me: Me, *, pair: Pairing, day: datetime.date) -> None:
    began = checkins.first_day(pair, me.person)
    if day > today_here(work, me):
        raise Refused(texts.ahead(day), field=DATE.name)
    if day < began:
        raise Refused(texts.too_early(began), field=DATE.name)


def _details(
    how: str | None, minutes: int | None, *, goals: Sequence[str] | None, note: str | None, private: str | None
) -> Details:
    numbers = tuple(int(goal) for goal in goals or ())
    return Details(way=how or "", minutes=minutes, goals=numbers, shared=note or "", private=private or "")


async def _beside(work: Work, check_in: CheckIn, *, member: Member) -> tuple[Sequence[Goal], Sequence[Note]]:
    """The goals that a talk was about, and the notes beside it that this member may read."""
    about: Sequence[Goal] = ()
    if check_in.goals:
        about = await work.all(select(Goal).where(Goal.id.in_(check_in.goals)).order_by(Goal.id))
    return about, await notes.readable(work, [check_in], member=member)


async def _goals_field(work: Work, pair: Pairing, *noted: int) -> Sequence[Field]:
    """The question for goals of a pair; those that were let go are shown where they are `noted` already."""
    known = await goals.everything(work, pair)
    shown = (goal for goal in known if goals.is_standing(goal) or goal.id in noted)
    choices = tuple(Choice(str(goal.id), goal.title[:75]) for goal in shown)
    return (Field("goals", _("Goals you talked about"), Kind.MANY, choices, required=False),) if choices else ()


async def _programs(work: Work, me: Me, answers: Mapping[str, Answer]) -> Sequence[Template]:
    """The program of the pair that is spoken of, or those of all my pairs."""
    running = await work.rows(_running(me.person.id))
    named = [name for pairing, name in running if str(pairing) == answers.get(PAIR.name)]
    return [template(name) for name in dict.fromkeys(named or (name for _pairing, name in running))]


@prepared
def _running(person: Arg) -> Select[int, str]:
    """My pairs that go on, with the templates of their cohorts."""
    return (
        select(Pairing.id, Cohort.template)
        .join(Member, Member.pairing_id == Pairing.id)
        .join(Cohort, Cohort.id == Pairing.cohort_id)
        .where(Member.person_id == person, Pairing.state.in_(LIVE))
        .order_by(Pairing.id)
    )


async def _labels(work: Work, me: Me, answers: Mapping[str, Answer]) -> Mapping[str, Words]:
    programs = await _programs(work, me, answers)
    return {way: program.way_label(way) for program in programs for way in program.ways}


async def _ways(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    labels = await _labels(work, me, answers)
    return [Choice(way, label) for way, label in labels.items() if typed.casefold() in label.msgid.casefold()]


async def _way(work: Work, me: Me, value: str) -> str | None:
    """A way by its key or as people read it: "video", "Video call"."""
    labels = await _labels(work, me, {})
    return next((way for way, label in labels.items() if value.casefold() in {way, label.msgid.casefold()}), None)


async def _my_talks(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    pairs = [pairing.id for pairing in await queries.live_pairings(work, me.person.id)]
    newest = select(CheckIn).where(CheckIn.pairing_id.in_(pairs)).order_by(CheckIn.talked_on.desc())
    return [Choice(str(found.id), Day(found.talked_on)) for found in await work.all(newest.limit(MOST_TAPS))]


async def _my_talk(work: Work, me: Me, value: str) -> CheckIn:
    mine = select(CheckIn).join(Member, Member.pairing_id == CheckIn.pairing_id)
    found = await work.first(mine.where(CheckIn.id == (number(value) or 0), Member.person_id == me.person.id))
    if found is None:
        raise Refused(texts.not_yours())
    return found


SOURCES = (
    Source("ways of talking", _ways, _way),
    Source("my check-ins", _my_talks, _my_talk, none=_("None of your talks is noted so far.")),
)
COMMANDS = (log_talk, change_talk, undo_talk, show_history, show_earlier)
