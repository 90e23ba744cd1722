"""What is said about a pair's talks, to the two of them and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain import LIVE, CheckIn, Goal, Note, Pairing, Person
from bot.programs import template
from bot.texts.team import who
from bot.ui import (
    All,
    Button,
    Buttons,
    Day,
    Facts,
    Inline,
    Message,
    Part,
    Quoted,
    Row,
    Rows,
    Words,
    _,
    message,
    ngettext,
)


def logged(
    check_in: CheckIn, *, pairing: Pairing, me: Person, is_new: bool, goals: Sequence[Goal], notes: Sequence[Note]
) -> Message:
    """A talk is noted: what is kept of it, how to add to it and, for whoever noted it first, how to take it back."""
    opening = _("**Noted: you talked on {day}.**", day=Day(check_in.talked_on))
    more = () if is_new else (_already(check_in, pairing=pairing, me=me),)
    return message(opening, *more, *_entry(check_in, pairing=pairing, me=me, goals=goals, notes=notes))


def amended(
    check_in: CheckIn, *, pairing: Pairing, me: Person, goals: Sequence[Goal], notes: Sequence[Note]
) -> Message:
    """The details of a talk are kept."""
    opening = _("**Noted with your talk on {day}.**", day=Day(check_in.talked_on))
    return message(opening, *_entry(check_in, pairing=pairing, me=me, goals=goals, notes=notes))


def taken_back(day: date, *, pairing: Pairing, stays_with: Person | None) -> Message:
    """A check-in is gone; or it stays, because the other noted the same talk."""
    stays = (
        ()
        if stays_with is None
        else (_("{partner} noted this talk too, so it stays on your list.", partner=who(stays_with)),)
    )
    return message(
        _("**Taken back: your note of a talk on {day}.**", day=Day(day)),
        *stays,
        Buttons((_log(pairing), _history(pairing))),
    )


def history(
    check_ins: Sequence[CheckIn], *, notes: Sequence[Note], pairing: Pairing, me: Person, has_earlier: bool
) -> Message:
    """The pair's talks, the newest first, each with the notes that this person may read."""
    partner = who(pairing.partner(me.id).person)
    title = _("Your talks")
    if not check_ins:
        none = (
            _("None is noted so far. When you have talked, one tap is enough; the rest is yours to add.")
            if pairing.state in LIVE
            else _("None was noted.")
        )
        return message(_("**Your talks with {partner}**", partner=partner), none, _buttons(pairing), notice=title)
    shown = (part for check_in in check_ins for part in _told(check_in, pairing=pairing, me=me, notes=notes))
    before = {"checkin": str(check_ins[-1].id)}
    quiet = (Button(_("Earlier ones"), "checkin earlier", before),) if has_earlier else ()
    return message(_("**Your talks with {partner}**", partner=partner), *shown, _buttons(pairing, *quiet), notice=title)


def partner_noted(partner: Person) -> Words:
    """What whoever presses *We talked* reads when the other was first."""
    return _("{partner} had noted this talk too; it counts once for you both.", partner=who(partner))


def ahead(day: date) -> Words:
    """A talk cannot be noted before it took place."""
    return _("{day} lies ahead. Please note the talk once you have had it.", day=Day(day))


def too_early(day: date) -> Words:
    """A talk cannot be older than the pair."""
    return _("You two began on {day}. Please choose a day since then.", day=Day(day))


def taken(day: date) -> Words:
    """A check-in cannot move onto another one."""
    return _("A talk on {day} is noted already. Please choose another day, or add to that one.", day=Day(day))


def not_mine_to_undo(partner: Person) -> Words:
    """Only whoever noted a talk can take it back."""
    return _("{partner} noted this talk and can take it back. What you wrote is yours to change.", partner=who(partner))


def not_yours() -> Words:
    """A button of a talk that is somebody else's, or was taken back."""
    return _("I do not find this talk among yours. Perhaps it was taken back.")


def _already(check_in: CheckIn, *, pairing: Pairing, me: Person) -> Words:
    if check_in.logged_by_id == pairing.member(me.id).id:
        return _("You had noted this day; what is new is added to it.")
    return partner_noted(pairing.partner(me.id).person)


def _entry(
    check_in: CheckIn, *, pairing: Pairing, me: Person, goals: Sequence[Goal], notes: Sequence[Note]
) -> Iterator[Part]:
    """All that is kept of one talk, and what can be done with it."""
    facts = tuple(_facts(check_in, pairing=pairing, me=me, goals=goals))
    mine = check_in.logged_by_id == pairing.member(me.id).id
    yield Facts(facts)
    yield from _quoted(notes, pairing=pairing, me=me)
    more = _("Change details") if len(facts) > 1 or notes else _("Add details")
    undo = (Button(_("Undo"), "checkin undo", {"checkin": str(check_in.id)}),) if mine else ()
    yield Buttons((_details(check_in, more), _history(pairing)), undo)


def _facts(check_in: CheckIn, *, pairing: Pairing, me: Person, goals: Sequence[Goal]) -> Iterator[tuple[Words, Inline]]:
    yield _("With"), who(pairing.partner(me.id).person)
    if check_in.way:
        yield _("How"), template(pairing.cohort.template).way_label(check_in.way)
    if check_in.minutes:
        yield _("Minutes"), check_in.minutes
    if goals:
        yield _("Goals"), All(tuple(goal.title for goal in goals))


def _told(check_in: CheckIn, *, pairing: Pairing, me: Person, notes: Sequence[Note]) -> Iterator[Part]:
    buttons = (_details(check_in, _("Details")),) if pairing.state in LIVE else ()
    yield Rows((Row(_line(check_in, pairing), buttons),))
    yield from _quoted([note for note in notes if note.check_in_id == check_in.id], pairing=pairing, me=me)


def _line(check_in: CheckIn, pairing: Pairing) -> Words:
    way = template(pairing.cohort.template).way_label(check_in.way) if check_in.way else None
    count = check_in.minutes
    minutes = ngettext("{count} minute", "{count} minutes", count) if count else None
    said = tuple(words for words in (way, minutes) if words is not None)
    day = Day(check_in.talked_on)
    if len(said) == 2:
        return _("**{day}** ({way}, {minutes})", day=day, way=said[0], minutes=said[1])
    return _("**{day}** ({detail})", day=day, detail=said[0]) if said else _("**{day}**", day=day)


def _quoted(notes: Sequence[Note], *, pairing: Pairing, me: Person) -> Iterator[Part]:
    writers = {member.id: member.person for member in pairing.members}
    for note in notes:
        writer = writers[note.member_id]
        mine = _("You, for you both") if note.shared else _("You, for yourself alone")
        yield Quoted(note.text, mine if writer.id == me.id else who(writer))


def _buttons(pairing: Pairing, *quiet: Button) -> Buttons:
    """What to do with a list of talks; a pair that has ended only reads it."""
    status = Button(_("Where do I stand?"), "mentor status")
    return Buttons((_log(pairing) if pairing.state in LIVE else status,), quiet)


def _log(pairing: Pairing) -> Button:
    return Button(_("Note a talk"), "checkin log", {"pair": str(pairing.id)})


def _history(pairing: Pairing) -> Button:
    return Button(_("See our talks"), "checkin history", {"pair": str(pairing.id)})


def _details(check_in: CheckIn, label: Words) -> Button:
    return Button(label, "checkin details", {"checkin": str(check_in.id)})
