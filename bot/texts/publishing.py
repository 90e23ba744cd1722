"""What is said when pairs are announced: to the coordinator, to liaisons, and to those for whom nobody was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import Cohort, Member, Pairing, Person, Role
from bot.texts import arrivals, rooms
from bot.texts.matching import match_button, review_button
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Day, Facts, Message, Row, Rows, Run, Words, _, message, ngettext


@dataclass(frozen=True, slots=True)
class Counts:
    """Who is told what: pairs, mentees and mentors for whom nobody was found, liaisons, and who is not here yet."""

    pairs: int
    mentees: int
    mentors: int
    liaisons: int
    expected: Sequence[Person] = ()


def preview(
    cohort: Cohort, counts: Counts, *, told: Words, unaccepted: Sequence[Person] = (), homeless: bool = False
) -> Message:
    """What publishing will do, asked once. `homeless`: rooms hang below a channel, and none is chosen."""
    if not counts.pairs:
        return _preview_of_none(cohort, told)
    return message(
        ngettext("**Publish {count} pair?**", "**Publish {count} pairs?**", counts.pairs),
        Facts(
            (
                (_("Program"), cohort.title),
                (_("Mentees without a mentor"), counts.mentees),
                (_("Mentors without a mentee"), counts.mentors),
                (_("Liaisons"), counts.liaisons),
            )
        ),
        _(
            "Each pair gets a room of its own and is introduced there, in the daytime of both. Each liaison hears "
            "which pairs they look after. {told}",
            told=told,
        ),
        *(() if counts.liaisons else (_("Nobody is a liaison yet, so the pairs are told to turn to a coordinator."),)),
        *((rooms.not_chosen(),) if homeless else ()),
        *_waiting(counts),
        *_unaccepted(unaccepted),
        _("All of it happens at once, and it cannot be taken back."),
        Buttons(
            (Button(_("Publish"), "cohort publish now", {"cohort": str(cohort.id)}), review_button(cohort)),
            (rooms.CHOOSE,) if homeless else (),
        ),
    )


def _preview_of_none(cohort: Cohort, told: Words) -> Message:
    args = {"cohort": str(cohort.id)}
    return message(
        _("**Tell everybody that no pair could be formed?**"),
        _("{title} then runs without pairs. {told}", title=cohort.title, told=told),
        _("Whoever becomes free or applies later can still be matched. What people were told cannot be taken back."),
        Buttons((Button(_("Tell them"), "cohort publish now", args), match_button(cohort))),
    )


def _none_published(cohort: Cohort) -> Message:
    args = {"cohort": str(cohort.id)}
    return message(
        _("**Everybody hears in the daytime that no pair could be formed.**"),
        _("As soon as somebody suits somebody, {match} proposes pairs.", match=Run("cohort match")),
        Buttons((Button(_("Where the program stands"), "cohort status", args),)),
        notice=_("Everybody hears of it in the daytime"),
    )


def published(cohort: Cohort, counts: Counts) -> Message:
    """It is done."""
    if not counts.pairs:
        return _none_published(cohort)
    return message(
        ngettext("**{count} pair is published.**", "**{count} pairs are published.**", counts.pairs),
        _(
            "The introductions go out as soon as it is daytime for both of a pair. The program starts on {day}.",
            day=Day(cohort.starts_on),
        ),
        *_waiting(counts),
        Buttons(
            (
                Button(_("Where the program stands"), "cohort status", {"cohort": str(cohort.id)}),
                *((arrivals.EXPECTED,) if counts.expected else ()),
            )
        ),
    )


def unreviewed(cohort: Cohort) -> Message:
    """Nobody has looked at what would be published."""
    return message(
        _("These pairs have not been reviewed as they are now. Please look at them, then publish."),
        Buttons((review_button(cohort),)),
        notice=_("Please review these pairs first."),
    )


def outdated(cohort: Cohort) -> Message:
    """Something that the pairs depend on has changed; what it was stays untold, since it may be private."""
    return message(
        _("Something has changed since these pairs were proposed, so they cannot all stay. Please match again."),
        Buttons((match_button(cohort),)),
        notice=_("These pairs cannot all stay. Please match again."),
    )


def told_alone(people: int, *, contact: Person) -> Words:
    """How many hear that nobody was found for them."""
    if not people:
        return _("Everybody has a partner.")
    return ngettext(
        "{count} person hears in the daytime that nobody was found, and that they can turn to {coordinator}.",
        "{count} people hear in the daytime that nobody was found, and that they can turn to {coordinator}.",
        people,
        coordinator=who(contact),
    )


def not_matched(
    person: Person, why: Sequence[tuple[Role, Words | None]], *, coordinator: Person, partners: Sequence[Member] = ()
) -> Message:
    """Nobody was found for somebody: the facts, what stays open, and a person to talk to.

    `partners` are those whom they have in their other role: they read this after the introduction.
    """
    quiet = () if partners else (Button(_("Take me off the list"), "mentor withdraw"),)
    return message(
        _("**{person}, there is news about your mentoring application.**", person=person.name),
        *((_you_have(partners),) if partners else ()),
        *(_NOBODY[role](facts) for role, facts in why),
        _(
            "Your name stays with the committee: if somebody suitable becomes free during this program, the committee "
            "can still bring you together. If you apply in the next call, matching puts first whoever has waited."
        )
        if any(role is Role.MENTEE for role, _facts in why)
        else _(
            "Your name stays with the committee: if somebody who fits asks during this program, the committee can "
            "still bring you together."
        ),
        _("{coordinator} is glad to talk it over with you.", coordinator=who(coordinator)),
        Buttons((Button(_("Where do I stand?"), "mentor status"),), quiet),
        notice=_("There is news about your mentoring application."),
        delicate=True,
    )


def your_pairs(
    cohort: Cohort, pairings: Sequence[Pairing], *, before: int = 0, expected: Sequence[Person] = ()
) -> Message:
    """A liaison hears which pairs they look after from now on, and which of them wait for somebody.

    `before` is how many they had already.
    """
    count = ngettext(
        "**You look after {count} pair of {cohort}.**",
        "**You look after {count} pairs of {cohort}.**",
        len(pairings),
        cohort=cohort.title,
    )
    if before:
        count = ngettext(
            "**You look after one more pair of {cohort}, {total} in all.**",
            "**You look after {count} more pairs of {cohort}, {total} in all.**",
            len(pairings),
            cohort=cohort.title,
            total=before + len(pairings),
        )
    return message(
        count,
        _(
            "I have named you to them as the person to turn to. You see whether they talk and how far their goals are, "
            "and never what they write. When a pair may need you, I tell you."
        ),
        Rows(tuple(Row(_names(pairing, expected)) for pairing in pairings)),
        Buttons((Button(_("My pairs"), "liaison pairs"),)),
        notice=_("Here are the pairs you look after."),
    )


def _names(pairing: Pairing, expected: Sequence[Person]) -> Words:
    people = sorted(pairing.members, key=lambda member: member.role is Role.MENTOR)
    names = _("{mentee} with {mentor}", mentee=who(people[0].person), mentor=who(people[-1].person))
    absent = [member.person for member in people if member.person in expected]
    if not absent:
        return names
    return _("{names}, as soon as {people} has joined this chat", names=names, people=arrivals.names(absent))


def _waiting(counts: Counts) -> tuple[Words, ...]:
    return (arrivals.waits_for(counts.expected),) if counts.expected else ()


def _unaccepted(people: Sequence[Person]) -> tuple[Words, ...]:
    if not people:
        return ()
    return (
        _(
            "Not accepted the code of conduct so far: {people}. They find it with {status}.",
            people=arrivals.names(people),
            status=Run("mentor status"),
        ),
    )


def _you_have(partners: Sequence[Member]) -> Words:
    names = All(tuple(who(member.person) for member in partners))
    if partners[0].role is Role.MENTOR:
        return _("You do have a mentor: {names}. This is about the other half of what you applied for.", names=names)
    return ngettext(
        "You do have a mentee: {names}. This is about the other half of what you applied for.",
        "You do have mentees: {names}. This is about the other half of what you applied for.",
        len(partners),
        names=names,
    )


def _no_mentor(facts: Words | None) -> Words:
    first = _("The committee could not find a mentor for you this time. That says nothing about your application.")
    return first if facts is None else _("{first} In this call: {facts}", first=first, facts=facts)


def _no_mentee(facts: Words | None) -> Words:
    first = _("The committee could not find a mentee for you this time. That says nothing about what you offered.")
    return first if facts is None else _("{first} In this call: {facts}", first=first, facts=facts)


_NOBODY = {Role.MENTEE: _no_mentor, Role.MENTOR: _no_mentee, Role.PEER: _no_mentor}
