"""What is said about a pair's goals, to the two of them and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import Goal, GoalState, Member, Pairing, Person, Role
from bot.programs import template
from bot.texts.team import who
from bot.ui import Button, Buttons, Day, Facts, Inline, Message, Part, Row, Rows, Text, Words, _, message, ngettext

LIST = Button(_("See our goals"), "goals list")


@dataclass(frozen=True, slots=True)
class PairGoals:
    """The goals of one pair, how many more there is room for, and how many were let go."""

    pairing: Pairing
    goals: Sequence[Goal]
    left: int
    let_go: int


def written(goal: Goal, *, pairing: Pairing, me: Member, is_first: bool, left: int) -> Message:
    """Who wrote a goal sees what is kept, who hears of it, and that there is time for the next."""
    partner = who(pairing.partner(me.person_id).person)
    soon = _("{partner} hears of it from me, at a good hour of the day.", partner=partner)
    return message(
        _("**Your first goal is noted.**") if is_first else _("**The goal is noted.**"),
        _facts(goal, pairing, me.person_id),
        _("{told} {room}", told=soon if is_first else _later(pairing, me), room=_room(left)),
        Buttons(_next(pairing, left), (_change(goal, _("Change this goal")),)),
    )


def first(goal: Goal, *, pairing: Pairing, writer: Person, reader: Person) -> Message:
    """The other hears of the pair's first goal at once."""
    return message(
        _("**{writer} has written down the first goal for the two of you.**", writer=who(writer)),
        _facts(goal, pairing, reader.id),
        _("It belongs to you both, and each of you can change it at any time."),
        Buttons((LIST, _change(goal, _("Change this goal"))), _more(pairing)),
        notice=_("Your mentoring pair has its first goal."),
    )


def full(goals: Sequence[Goal], *, partner: Person) -> Message:
    """There are as many goals as the program has room for: which they are, and how to change one."""
    return message(
        ngettext(
            "**You have your goal: this program has one for each pair.**",
            "**You have your {count} goals: as many as this program has for each pair.**",
            len(goals),
        ),
        _("With {partner} you have written down:", partner=who(partner)),
        Rows(tuple(Row(_line(goal)) for goal in goals)),
        _("If something else matters more now, change one of them, or let it go to make room."),
        Buttons((Button(_("Change a goal"), "goals update"), LIST)),
    )


def listed(pairs: Sequence[PairGoals], *, me: Person) -> Message:
    """All goals of a person, under a heading for each pair."""
    return message(*(part for pair in pairs for part in _section(pair, me)), notice=_("Your mentoring goals"))


def changed(goal: Goal, *, pairing: Pairing, me: Member) -> Message:
    """A goal has new words."""
    return message(
        _("**The goal is changed.**"), _facts(goal, pairing, me.person_id), _later(pairing, me), Buttons((LIST,))
    )


def unchanged(goal: Goal, *, pairing: Pairing, me: Member) -> Message:
    """A form was sent as it had come, or a goal was written twice."""
    return message(_("**The goal stays as it was.**"), _facts(goal, pairing, me.person_id), Buttons((LIST,)))


def let_go(goal: Goal, *, pairing: Pairing, me: Member) -> Message:
    """A goal is off the list, which is nobody's fault."""
    return message(
        _("**Noted: this goal is let go.**"),
        _facts(goal, pairing, me.person_id),
        _("It is off your list, and you can take it up again. {told}", told=_later(pairing, me)),
        Buttons((_write(pairing, _("Write another goal")), LIST), (_reopen(goal, _("Undo")),)),
    )


def reached(goal: Goal, *, pairing: Pairing, me: Member) -> Message:
    """A goal is reached, and that can be taken back."""
    return message(
        _("**Noted: a goal is reached.**"),
        _facts(goal, pairing, me.person_id),
        _later(pairing, me),
        Buttons((LIST,), (_reopen(goal, _("Undo")),)),
    )


def reopened(goal: Goal, *, pairing: Pairing, me: Member) -> Message:
    """A goal that was reached or let go is worked on again."""
    change = _change(goal, _("Change this goal"))
    return message(_("**The goal is open again.**"), _facts(goal, pairing, me.person_id), Buttons((LIST,), (change,)))


def news_set(goal: Goal, writer: Person) -> Message:
    """In the next letter of the other: a further goal."""
    return _news(_("{writer} wrote down a goal for the two of you: “{title}”", **_said(goal, writer)))


def news_changed(goal: Goal, writer: Person) -> Message:
    """In the next letter of the other: a goal has new words."""
    return _news(_("{writer} changed one of your goals: “{title}”", **_said(goal, writer)))


def news_reached(goal: Goal, writer: Person) -> Message:
    """In the next letter of the other: a goal is reached."""
    return _news(_("{writer} noted that one of your goals is reached: “{title}”", **_said(goal, writer)))


def news_dropped(goal: Goal, writer: Person) -> Message:
    """In the next letter of the other: a goal is let go."""
    return _news(_("{writer} let go of one of your goals: “{title}”", **_said(goal, writer)))


def news_reopened(goal: Goal, writer: Person) -> Message:
    """In the next letter of the other: a goal is open again."""
    return _news(_("{writer} took up one of your goals again: “{title}”", **_said(goal, writer)))


def none_open(pairing: Pairing | None) -> Message:
    """There is no goal to change or to reach; of somebody's only pair, or of all of several."""
    first = Button(_("Write a goal"), "goals set", {} if pairing is None else {"pair": str(pairing.id)})
    return message(_("There is no such goal on your list at the moment."), Buttons((first, LIST)))


def twice() -> Words:
    """A goal that is on the list already, with other words beside it."""
    return _("This goal is on your list already. Please change it there, or give the new one another title.")


def outside(first_day: date, last_day: date) -> Words:
    """A day by which a goal cannot be reached within the program."""
    return _(
        "Please choose a day from {first} to {last}, while your program lasts, or leave this empty.",
        first=Day(first_day),
        last=Day(last_day),
    )


def not_yours() -> Words:
    """A button or number of a goal that is somebody else's, or nobody's."""
    return _("I do not find this goal among yours. Please choose one from your list of goals.")


def over(partner: Person) -> Words:
    """A goal of a pair whose time has ended."""
    return _("Your time with {partner} in this program has ended, so its goals stay as they are.", partner=who(partner))


def _section(pair: PairGoals, me: Person) -> Iterator[Part]:
    yield Text(_("**Your goals with {partner}**", partner=who(pair.pairing.partner(me.id).person)))
    for goal in pair.goals:
        yield Rows((Row(_line(goal), _row_buttons(goal)),))
        yield Facts(tuple(_wishes(goal, pair.pairing, me.id)))
    if not pair.goals:
        yield Text(_("None is written down so far. A first one can be small, and you can change it at any time."))
    if pair.left:
        label = _("Write the next goal") if pair.goals else _("Write the first goal")
        again = (Button(_("Take up one that we let go"), "goals reopen"),) if pair.let_go else ()
        yield Buttons((_write(pair.pairing, label),), again)


def _row_buttons(goal: Goal) -> tuple[Button, Button]:
    change = _change(goal, _("Change"))
    if goal.state is GoalState.REACHED:
        return change, _reopen(goal, _("Open again"))
    return change, Button(_("Reached"), "goals done", {"goal": str(goal.id)})


def _line(goal: Goal) -> Words:
    if goal.reached_on is not None:
        return _("**{title}** (reached on {day})", title=goal.title, day=Day(goal.reached_on))
    if goal.by_on is not None:
        return _("**{title}** (by {day})", title=goal.title, day=Day(goal.by_on))
    return _("**{title}**", title=goal.title)


def _facts(goal: Goal, pairing: Pairing, reader: int) -> Facts:
    days = ((_("By"), goal.by_on), (_("Reached on"), goal.reached_on))
    told = ((label, Day(day)) for label, day in days if day is not None)
    return Facts(((_("Goal"), goal.title), *_wishes(goal, pairing, reader), *told))


def _wishes(goal: Goal, pairing: Pairing, reader: int) -> Iterator[tuple[Words, Inline]]:
    mentor = next((member.person for member in pairing.members if member.role is Role.MENTOR), None)
    if mentor is None:
        yield _("What would help"), goal.help
    elif mentor.id == reader:
        yield _("How you can best help"), goal.help
    else:
        yield _("How {mentor} can best help", mentor=who(mentor)), goal.help
    if goal.measure:
        yield _("How you will know"), goal.measure


def _room(left: int) -> Words:
    if not left:
        return _("With it, your list is complete.")
    return ngettext(
        "There is room for one more, and no hurry.",
        "There is room for {count} more, and no hurry.",
        left,
    )


def _later(pairing: Pairing, me: Member) -> Words:
    return _("{partner} reads it in my next letter.", partner=who(pairing.partner(me.person_id).person))


def _next(pairing: Pairing, left: int) -> tuple[Button, ...]:
    return (_write(pairing, _("Write the next goal")), LIST) if left else (LIST,)


def _more(pairing: Pairing) -> tuple[Button, ...]:
    return (_write(pairing, _("Write the next goal")),) if template(pairing.cohort.template).goals > 1 else ()


def _write(pairing: Pairing, label: Words) -> Button:
    return Button(label, "goals set", {"pair": str(pairing.id)})


def _change(goal: Goal, label: Words) -> Button:
    return Button(label, "goals update", {"goal": str(goal.id)})


def _reopen(goal: Goal, label: Words) -> Button:
    return Button(label, "goals reopen", {"goal": str(goal.id)})


def _said(goal: Goal, writer: Person) -> dict[str, Inline]:
    return {"writer": who(writer), "title": goal.title}


def _news(line: Words) -> Message:
    return message(line, notice=_("There is news about your mentoring goals."))
