"""The committee's review: the proposed pairs with their reasons, and the people who are left over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import Cohort, CohortState, Enrollment, Member, Pairing, Person, Role
from bot.texts.matching import match_button
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Day, Message, Part, Row, Rows, Run, Words, _, message, ngettext


@dataclass(frozen=True, slots=True)
class Pairs:
    """One page of pairs with their reasons; `total` and `left` count all. `newest` is what was done last with them."""

    pairs: Sequence[tuple[Pairing, Sequence[Words]]]
    total: int
    left: int
    page: int
    pages: int
    newest: str

    @property
    def there(self) -> bool:
        """Whether there is a proposal, be it without any pair."""
        return self.total > 0 or self.newest in {"match.proposed", "match.changed"}

    @property
    def changed(self) -> bool:
        """Whether pairs were changed by hand since they were matched."""
        return self.newest == "match.changed"


@dataclass(frozen=True, slots=True)
class Choice:
    """A pair that somebody would like to make, by enrollments and people; `apart` are pairs that cannot stay then."""

    mentee_number: int
    mentor_number: int
    mentee: Person
    mentor: Person
    apart: Sequence[Pairing]
    shares_topic: bool


@dataclass(frozen=True, slots=True)
class Left:
    """One page of people who are left over, and why."""

    people: Sequence[tuple[Enrollment, Person, Words]]
    page: int
    pages: int


def pairs(cohort: Cohort, page: Pairs, *, may_publish: bool, said: Words | None = None) -> Message:
    """The proposed pairs; `said` is what a press has just done."""
    count = ngettext("**{count} proposed pair.**", "**{count} proposed pairs.**", page.total)
    left = ngettext("{count} person waits for a partner.", "{count} people wait for a partner.", page.left)
    parts: list[Part | Words] = [
        _("{pairs} {left} Only coordinators and the committee see this.", pairs=count, left=left),
        *(() if said is None else (said,)),
        Rows(tuple(_pair(pairing, reasons) for pairing, reasons in page.pairs)),
        *(() if page.pages == 1 else (_("Page {page} of {pages}.", page=page.page, pages=page.pages),)),
        *(
            (_("Pairs were changed since I formed them. When you match again, kept pairs stay."),)
            if page.changed
            else ()
        ),
        *(() if may_publish else (_("A coordinator publishes them when the committee is content."),)),
        _pairs_buttons(cohort, page, may_publish=may_publish),
    ]
    return message(*parts, notice=_("Here are the proposed pairs."))


def left(cohort: Cohort, page: Left) -> Message:
    """The people who are left over, and the way to choose somebody for them."""
    if not page.people:
        return message(_("Nobody waits for a partner."), Buttons((_back(cohort),)))
    return message(
        _("**Who waits for a partner, and why.** Only coordinators and the committee see this."),
        Rows(tuple(_alone(enrollment, person, why) for enrollment, person, why in page.people)),
        *(() if page.pages == 1 else (_("Page {page} of {pages}.", page=page.page, pages=page.pages),)),
        Buttons((*_turn("cohort review left", cohort, page.page, pages=page.pages), _back(cohort))),
        notice=_("Here is who waits for a partner, and why."),
    )


def change(pairing: Pairing, reasons: Sequence[Words]) -> Message:
    """One pair, and what can be done about it."""
    mentee, mentor = members(pairing)
    return message(
        _("**{mentee}** with **{mentor}**", mentee=who(mentee.person), mentor=who(mentor.person)),
        _who_is_reached(_in_a_line(reasons), mentee.person, mentor.person),
        Buttons(
            (
                Button(_("Another mentor"), "cohort review swap", {"mentee": str(mentee.enrollment_id)}),
                Button(_("Another mentee"), "cohort review swap", {"mentor": str(mentor.enrollment_id)}),
                Button(_("Not these two"), "cohort review forbid", {"pair": pair_value(pairing)}),
            ),
            (_back(pairing.cohort),),
        ),
        notice=_("What would you like to change about this pair?"),
    )


def forbidden(pairing: Pairing, alone: Sequence[Person]) -> Message:
    """Two people are not proposed to each other any more, and how to take that back; `alone` have nobody else."""
    mentee, mentor = members(pairing)
    args = {"mentee": str(mentee.enrollment_id), "mentor": str(mentor.enrollment_id)}
    return message(
        _(
            "**{mentee} and {mentor} are not proposed to each other any more.**",
            mentee=who(mentee.person),
            mentor=who(mentor.person),
        ),
        *_without_partner(alone),
        Buttons(
            (match_button(pairing.cohort), _back(pairing.cohort)), (Button(_("Undo"), "cohort review allow", args),)
        ),
        notice=_("These two are not proposed to each other any more."),
    )


def allowed(cohort: Cohort, mentee: Person, mentor: Person) -> Message:
    """Two people may be proposed to each other again."""
    return message(
        _("{mentee} and {mentor} may be proposed to each other again.", mentee=who(mentee), mentor=who(mentor)),
        Buttons((_back(cohort),)),
        notice=_("These two may be proposed to each other again."),
    )


def ask_choose(cohort: Cohort, choice: Choice) -> Message:
    """A pair that would be made by hand: asked once, with what it costs."""
    apart = tuple(
        _("{mentee} with {mentor}", mentee=who(one.person), mentor=who(other.person))
        for one, other in (members(pairing) for pairing in choice.apart)
    )
    args = {"mentee": str(choice.mentee_number), "mentor": str(choice.mentor_number), "sure": "yes"}
    return message(
        _(
            "**Shall {mentee} and {mentor} be a pair, and stay one?**",
            mentee=who(choice.mentee),
            mentor=who(choice.mentor),
        ),
        *(() if choice.shares_topic else (_("They share no topic: none that is asked for is offered."),)),
        *((_("For this, I take apart: {pairs}.", pairs=All(apart)),) if apart else ()),
        _("I then match everybody else anew."),
        Buttons((Button(_("Yes, make them a pair"), "cohort review swap", args), _back(cohort))),
        notice=_("Shall these two be a pair?"),
    )


def not_chosen(cohort: Cohort, mentee: Person, mentor: Person) -> Message:
    """A pair that was made by hand is taken back."""
    return message(
        _("**Undone.** {mentee} and {mentor} are a pair only if that is best.", mentee=who(mentee), mentor=who(mentor)),
        _("I am matching anew. A message from me brings you the result; then please review it once more."),
        Buttons((_back(cohort),)),
        notice=_("The pair you chose is taken back."),
    )


def published(cohort: Cohort, day: date) -> Message:
    """A review from before the pairs were published, or one of nothing new."""
    return message(
        _("**The pairs of {title} are published.**", title=cohort.title),
        _(
            "That was on {day}, and a published pair is not changed here. If somebody is without a partner, {match} "
            "proposes new pairs.",
            day=Day(day),
            match=Run("cohort match"),
        ),
        Buttons((Button(_("Where the program stands"), "cohort status", {"cohort": str(cohort.id)}),)),
        notice=_("These pairs are published"),
    )


def chosen(cohort: Cohort, mentee: Person, mentor: Person, undo: Mapping[str, str]) -> Message:
    """A pair was made by hand, and the others are matched anew."""
    return message(
        _("**{mentee} and {mentor} are a pair, and stay one.**", mentee=who(mentee), mentor=who(mentor)),
        _("I am matching the others anew. A message from me brings you the result; then please review it once more."),
        Buttons((_back(cohort),), (Button(_("Undo"), "cohort review unswap", undo),)),
        notice=_("The pair you chose is kept."),
    )


def kept(pairing: Pairing) -> Words:
    """A pair stays."""
    mentee, mentor = members(pairing)
    return _(
        "{mentee} and {mentor} stay together when you match again.",
        mentee=who(mentee.person),
        mentor=who(mentor.person),
    )


def let_go(pairing: Pairing) -> Words:
    """A pair does not have to stay."""
    mentee, mentor = members(pairing)
    return _(
        "{mentee} and {mentor} stay together only if that is best.",
        mentee=who(mentee.person),
        mentor=who(mentor.person),
    )


def members(pairing: Pairing) -> tuple[Member, Member]:
    """The mentee and the mentor of a proposed pair."""
    mentee, mentor = sorted(pairing.members, key=lambda member: member.role is Role.MENTOR)
    return mentee, mentor


def pair_value(pairing: Pairing) -> str:
    """A proposed pair as a button names it: by enrollments, which stay when the others are matched anew."""
    mentee, mentor = members(pairing)
    return f"{mentee.enrollment_id}-{mentor.enrollment_id}"


MINE = _("You are in this pair yourself, so its reasons are for the others to weigh")
"""Stands in the place of a pair's reasons, which tell what its members ranked, where one of them looks."""


def _without_partner(alone: Sequence[Person]) -> tuple[Words, ...]:
    if not alone:
        return ()
    if len(alone) > 1:
        return (_("Both are without a partner until you match again."),)
    return (_("{person} is without a partner until you match again.", person=who(alone[0])),)


def _pair(pairing: Pairing, reasons: Sequence[Words]) -> Row:
    mentee, mentor = members(pairing)
    words = _(
        "**{mentee}** with **{mentor}**. {reasons}",
        mentee=who(mentee.person),
        mentor=who(mentor.person),
        reasons=_in_a_line(reasons),
    )
    args = {"pair": pair_value(pairing)}
    keep = Button(_("Keep"), "cohort review lock", args)
    free = Button(_("Let go"), "cohort review unlock", args)
    words = _("{pair} Kept.", pair=words) if pairing.locked else words
    words = _who_is_reached(words, mentee.person, mentor.person)
    return Row(words, (free if pairing.locked else keep, Button(_("Change"), "cohort review change", args)))


def _alone(enrollment: Enrollment, person: Person, why: Words) -> Row:
    number = str(enrollment.id)
    if enrollment.role is Role.MENTOR:
        words = _("**{person}**, without a mentee. {why}", person=who(person), why=why)
        words = _who_is_reached(words, person)
        return Row(words, (Button(_("Choose a mentee"), "cohort review swap", {"mentor": number}),))
    words = _("**{person}**, without a mentor. {why}", person=who(person), why=why)
    words = _who_is_reached(words, person)
    return Row(words, (Button(_("Choose a mentor"), "cohort review swap", {"mentee": number}),))


def _who_is_reached(words: Words, *people: Person) -> Words:
    """Words about people, and a sentence about those of them who have left or take no messages, as far as is known."""
    absent = All(tuple(who(person) for person in people if person.unreachable_since is not None))
    if not absent.items:
        return words
    return _("{words} My messages to {people} do not arrive at the moment.", words=words, people=absent)


def _pairs_buttons(cohort: Cohort, page: Pairs, *, may_publish: bool) -> Buttons:
    args = {"cohort": str(cohort.id)}
    label = _("Publish these pairs") if page.total else _("Publish without pairs")
    none = not page.total and cohort.state is CohortState.MATCHING
    publish = (Button(label, "cohort publish", args),) if may_publish and (page.total or none) else ()
    alone = (Button(_("Who waits for a partner?"), "cohort review left", {**args, "page": "1"}),) if page.left else ()
    main = (match_button(cohort), *publish) if page.changed else publish
    turn = _turn("cohort review page", cohort, page.page, pages=page.pages)
    return Buttons((*turn, *main), (*alone, *(() if page.changed else (match_button(cohort),))))


def _turn(path: str, cohort: Cohort, page: int, *, pages: int) -> tuple[Button, ...]:
    ways = ((_("Next"), page + 1), (_("Back"), page - 1))
    return tuple(
        Button(label, path, {"cohort": str(cohort.id), "page": str(to)}) for label, to in ways if 1 <= to <= pages
    )


def _back(cohort: Cohort) -> Button:
    return Button(_("All pairs"), "cohort review page", {"cohort": str(cohort.id), "page": "1"})


def _in_a_line(reasons: Sequence[Words]) -> Words:
    line = _("The committee chose this pair.") if not reasons else _("{reason}.", reason=reasons[0])
    for reason in reasons[1:]:
        line = _("{before} {reason}.", before=line, reason=reason)
    return line
