"""The sentences of the criteria: what the committee reads of a pair, and what the two read of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from bot.matching.candidate import Mentee, Mentor, Preferences
from bot.ui import All, Inline, When, Words, _, ngettext

Told = tuple[Words, ...]

SLOTS = 48
"""Half hours of a day."""

HALF_HOUR = timedelta(minutes=30)

MOST_SPANS = 2
"""Times of the day that are named; more would be a table."""


def wishes_met(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """Each wish that the mentor offers, with its rank: for the committee alone."""
    met = ((rank, topic) for rank, topic in enumerate(mentee.wishes) if topic in mentor.offers)
    return tuple(_choice(rank, preferences.topics.get(topic, topic)) for rank, topic in met)


def shared_topics(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """The topics, in alphabetical order so that nobody reads a rank out of it."""
    both = mentor.offers.intersection(mentee.wishes)
    return (_("You share an interest in {topics}.", topics=_names(both, preferences.topics)),) if both else ()


def hours(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """How much of the day suits both, or that nothing does."""
    if not (mentee.hours and mentor.hours):
        return ()
    both = len(mentee.hours & mentor.hours)
    if both < 2:
        return (_("Hardly any hour suits both"),)
    return (ngettext("{count} hour of the day suits both", "{count} hours of the day suit both", both // 2),)


def shared_hours(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """When both can talk, by each reader's own clock, for the longest times of an hour or more."""
    slots = mentee.hours & mentor.hours
    both = len(slots) // 2
    if not both:
        return ()
    spans = sorted(sorted(_spans(slots), key=len, reverse=True)[:MOST_SPANS], key=lambda span: span[0])
    if preferences.day is not None and spans and len(slots) < SLOTS:
        times = tuple(_between(span, preferences.day) for span in spans)
        return (_("The time that suits you both: {times}.", times=All(times)),)
    return (ngettext("{count} hour of the day suits you both.", "{count} hours of the day suit you both.", both),)


def career(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """How many stages lie between the two."""
    if min(mentee.career, mentor.career) < 0:
        return ()
    ahead = mentor.career - mentee.career
    if ahead < 0:
        return (_("The mentor is at an earlier career stage"),)
    if ahead == 0:
        return (_("Both are at the same career stage"),)
    return (ngettext("The mentor is {count} career stage ahead", "The mentor is {count} career stages ahead", ahead),)


def shared_career(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """That they stand at the same point; being further along is nothing two people have in common."""
    same = mentee.career == mentor.career >= 0
    return (_("You are at the same stage of your careers."),) if same else ()


def institution(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """One institution or two."""
    here, there = institution_key(mentee.institution), institution_key(mentor.institution)
    if not (here and there):
        return ()
    return (_("The same institution"),) if here == there else (_("Different institutions"),)


def shared_institution(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """That both work at the same place."""
    same = institution_key(mentee.institution) == institution_key(mentor.institution) != ""
    return (_("You work at the same institution."),) if same else ()


def languages(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """The languages that both speak."""
    both = mentee.languages & mentor.languages
    return (_("Both speak {languages}", languages=_names(both, preferences.languages)),) if both else ()


def shared_languages(mentee: Mentee, mentor: Mentor, preferences: Preferences) -> Told:
    """The languages that both speak."""
    both = mentee.languages & mentor.languages
    return (_("You both speak {languages}.", languages=_names(both, preferences.languages)),) if both else ()


def institution_key(name: str) -> str:
    """An institution as it is compared: capitals and spaces make no difference."""
    return " ".join(name.casefold().split())


def _spans(slots: frozenset[int]) -> Iterator[range]:
    """Runs of at least an hour; one that passes midnight, as it may in UTC, is one run."""
    for first in slots:
        if (first - 1) % SLOTS not in slots:
            length = next((n for n in range(1, SLOTS) if (first + n) % SLOTS not in slots), SLOTS)
            if length > 1:
                yield range(first, first + length)


def _between(span: range, day: date) -> Words:
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    begins, ends = (midnight + HALF_HOUR * slot for slot in (span.start, span.stop))
    return _("{begins} to {ends}", begins=When(begins, "hour"), ends=When(ends, "hour"))


def _choice(rank: int, topic: Inline) -> Words:
    ranked = (
        _("First choice: {topic}", topic=topic),
        _("Second choice: {topic}", topic=topic),
        _("Third choice: {topic}", topic=topic),
        _("Fourth choice: {topic}", topic=topic),
        _("Fifth choice: {topic}", topic=topic),
    )
    return ranked[rank] if rank < len(ranked) else _("A later choice: {topic}", topic=topic)


def _names(keys: Iterable[str], labels: Mapping[str, Words]) -> All:
    return All(tuple(labels.get(key, key) for key in sorted(keys)))
