"""Goals: what a pair wants to reach, written, read and changed by either of the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.domain import LIVE, Goal, GoalState, Pairing
from bot.services import goals
from bot.services.goals import Wording
from bot.storage import queries
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.texts import asking
from bot.texts import goals as texts
from bot.ui import Answer, Changed, Choice, Field, Kind, Message, Reply, _
from commands.sources import MY_GOALS
from commands.spec import Me, Refused, Source, command
from commands.status import no_pair

READERS = _(
    "You and your partner read this and can change it. Your liaison sees how many goals you have and how many are "
    "reached, not what they say."
)
TITLE = Field("title", _("Goal"), max_length=150, hint=_("What you two want to reach, in one sentence."))
HELP = Field("help", _("How the mentor can best help"), Kind.TEXT, max_length=600)
MEASURE = Field("measure", _("How you will know that it is reached"), Kind.TEXT, required=False, max_length=400)
BY = Field("by", _("By when"), Kind.DATE, required=False, hint=_("A day before your program ends, or nothing."))
PAIR = Field("pair", _("With whom do you want to reach it?"), Kind.ONE, source="my pairs")
DROP = Field(
    "drop",
    _("Let this goal go"),
    Kind.YES,
    required=False,
    hint=_("It leaves your list and makes room for another. You can take it up again."),
)


async def _refuse_when_full(work: Work, pairing: Pairing, me: Me) -> None:
    if not await goals.room(work, pairing):
        partner = pairing.partner(me.person.id).person
        shown = texts.full(await goals.standing(work, pairing), partner=partner)
        raise Refused(_("Your list of goals is complete."), reply=shown)


async def _before_writing(work: Work, me: Me, values: Mapping[str, Any]) -> Mapping[str, Answer]:
    """Nobody should write a goal down and learn only then that there is no room for it."""
    if "pair" in values:
        await _refuse_when_full(work, values["pair"], me)
    return {}


@command(
    "goals set",
    _("Write down a goal, and how the mentor can best help"),
    TITLE,
    HELP,
    MEASURE,
    BY,
    PAIR,
    prefill=_before_writing,
    intro=READERS,
)
async def set_goal(
    work: Work,
    me: Me,
    *,
    pair: Pairing,
    title: str,
    help: str,  # noqa: A002 - the field is called so, and so it is typed
    measure: str | None,
    by: date | None,
) -> Reply:
    """Write a goal down, if there is room for it."""
    await work.lock(Pairing, pair.id)  # both may write the last one at the same moment
    member = pair.member(me.person.id)
    wording = Wording(title=title, help=help, measure=measure or "", by_on=by)
    known = await goals.same(work, pair, title)
    if known is not None and goals.is_said(known, wording):
        return texts.unchanged(known, pairing=pair, me=member)
    if known is not None:
        raise Refused(texts.twice(), field=TITLE.name)
    await _refuse_when_full(work, pair, me)
    _refuse_outside(pair, by)
    goal = await goals.write(work, pair, member=member, wording=wording)
    is_first, left = await goals.is_first(work, goal), await goals.room(work, pair)
    return texts.written(goal, pairing=pair, me=member, is_first=is_first, left=left)


@command("goals list", _("Show the goals of my pair"), reads=True)
async def list_goals(work: Work, me: Me) -> Reply:
    """Show all goals, under a heading for each pair."""
    return await _list(work, me)


async def _known(work: Work, me: Me, values: Mapping[str, Any]) -> Mapping[str, Answer]:
    """The goal as it stands. Somebody with more goals than fit into buttons chooses from the list."""
    if "goal" not in values:
        raise Refused(asking.nothing_to_choose(), reply=await _list(work, me))
    goal: Goal = values["goal"]
    by_on = {"by": goal.by_on.isoformat()} if goal.by_on else {}
    return {"title": goal.title, "help": goal.help, "measure": goal.measure, **by_on}


@command(
    "goals update",
    _("Change a goal, or let it go"),
    Field("goal", _("Which goal do you want to change?"), Kind.ONE, source="our goals"),
    TITLE,
    HELP,
    MEASURE,
    BY,
    DROP,
    prefill=_known,
    intro=READERS,
)
async def update_goal(
    work: Work,
    me: Me,
    *,
    goal: Goal,
    title: str,
    help: str,  # noqa: A002 - as above
    measure: str | None,
    by: date | None,
    drop: bool | None,
) -> Reply:
    """Change a goal's words, or let it go."""
    pair = await _pair_of(work, me, goal)
    if by != goal.by_on:
        _refuse_outside(pair, by)
    member = pair.member(me.person.id)
    wording = Wording(title=title, help=help, measure=measure or "", by_on=by)
    is_changed = await goals.change(work, pair, goal=goal, member=member, wording=wording)
    if drop:
        await goals.let_go(work, pair, goal=goal, member=member)
        return texts.let_go(goal, pairing=pair, me=member)
    return (
        texts.changed(goal, pairing=pair, me=member) if is_changed else texts.unchanged(goal, pairing=pair, me=member)
    )


@command(
    "goals done",
    _("Note that a goal is reached"),
    Field("goal", _("Which goal have you reached?"), Kind.ONE, source="our open goals"),
)
async def finish_goal(work: Work, me: Me, *, goal: Goal) -> Reply:
    """Note that a goal is reached."""
    pair = await _pair_of(work, me, goal)
    await _refuse_without_room(work, pair, me, goal=goal)
    member = pair.member(me.person.id)
    await goals.reach(work, pair, goal=goal, member=member)
    return _in_place(me, texts.reached(goal, pairing=pair, me=member))


@command(
    "goals reopen",
    _("Take a goal up again"),
    Field("goal", _("Which goal do you want to take up again?"), Kind.ONE, source="our dropped goals"),
    listed=False,
)
async def reopen_goal(work: Work, me: Me, *, goal: Goal) -> Reply:
    """Take back that a goal was reached or let go."""
    pair = await _pair_of(work, me, goal)
    await _refuse_without_room(work, pair, me, goal=goal)
    member = pair.member(me.person.id)
    await goals.reopen(work, pair, goal=goal, member=member)
    return _in_place(me, texts.reopened(goal, pairing=pair, me=member))


def _in_place(me: Me, message: Message) -> Reply:
    """An answer to a button of mine replaces the list it was in; a letter of the program stays as it is."""
    return Changed(message) if me.pressed is None else message


async def _refuse_without_room(work: Work, pair: Pairing, me: Me, *, goal: Goal) -> None:
    """A goal that was let go made room, which another may have taken since."""
    if goal.state is GoalState.DROPPED:
        await work.lock(Pairing, pair.id)
        await _refuse_when_full(work, pair, me)


def _refuse_outside(pair: Pairing, by: date | None) -> None:
    first, last = goals.days(pair)
    if by is not None and not first <= by <= last:
        raise Refused(texts.outside(first, last), field=BY.name)


async def _pair_of(work: Work, me: Me, goal: Goal) -> Pairing:
    pairing = await queries.pairing(work, goal.pairing_id)
    assert pairing is not None, "a goal belongs to a pairing"
    if pairing.state not in LIVE:
        raise Refused(texts.over(pairing.partner(me.person.id).person))
    return pairing


async def _my_pairs(work: Work, me: Me) -> Sequence[Pairing]:
    pairings = await queries.live_pairings(work, me.person.id)
    if not pairings:
        raise await no_pair(work, me)
    return pairings


async def _list(work: Work, me: Me) -> Message:
    pairings = await _my_pairs(work, me)
    return texts.listed([await _of_pair(work, pairing) for pairing in pairings], me=me.person)


async def _of_pair(work: Work, pairing: Pairing) -> texts.PairGoals:
    found = await goals.everything(work, pairing)
    standing = [goal for goal in found if goals.is_standing(goal)]
    return texts.PairGoals(pairing, standing, goals.room_beside(pairing, standing), len(found) - len(standing))


async def _no_goal(work: Work, me: Me) -> Refused:
    """None of my goals is in the state that is asked for: write one, or look at them all."""
    pairings = await _my_pairs(work, me)
    only = pairings[0] if len(pairings) == 1 else None
    return Refused(_("There is no such goal on your list at the moment."), reply=texts.none_open(only))


def _goals_source(name: str, *states: GoalState) -> Source:
    """Goals of my pairs in these states; whatever its state, a goal of theirs can be named."""

    async def find(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
        pairs = [pairing.id for pairing in await _my_pairs(work, me)]
        found = select(Goal).where(Goal.pairing_id.in_(pairs), Goal.state.in_(states)).order_by(Goal.id)
        named = [goal for goal in await work.all(found) if typed.casefold() in goal.title.casefold()]
        return [Choice(str(goal.id), goal.title[:75]) for goal in named[:MOST_CHOICES]]

    async def load(work: Work, me: Me, value: str) -> object:
        goal = await MY_GOALS.load(work, me, value)
        if goal is None:
            raise Refused(texts.not_yours())
        return goal

    return Source(name, find, load, refuse=_no_goal)


SOURCES = (
    _goals_source("our goals", GoalState.OPEN, GoalState.REACHED),
    _goals_source("our open goals", GoalState.OPEN),
    _goals_source("our dropped goals", GoalState.DROPPED),
)
COMMANDS = (set_goal, list_goals, update_goal, finish_goal, reopen_goal)
