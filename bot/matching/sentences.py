"""The sentences of the criteria: what the committee reads of a pair, and what the two read of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.matching.candidate import Mentee, Mentor, Preferences
from bot.ui import All, Inline, Words, _, ngettext

Told = tuple[Words, ...]


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
    """How much of the day suits both, from one hour on."""
    both = len(mentee.hours & mentor.hours) // 2
    if not both:
        return ()
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
    return (ngettext("{count} career stage ahead", "{count} career stages ahead", ahead),)


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
