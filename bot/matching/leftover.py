"""Why somebody has no mentor, said in facts about the cohort and never about a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from bot.matching.candidate import Mentee, Mentor, Preferences
from bot.ui import Inline, Words, _, ngettext

NO_PAIR = _("No pair could be formed here with the places that were offered.")
"""Why somebody is left over, where the numbers of the cohort say nothing."""


def explain(mentees: Sequence[Mentee], mentors: Sequence[Mentor], *, preferences: Preferences) -> Explanation:
    """Count a cohort once, to tell any of its mentees why no mentor was found.

    The rules are deliberately no argument: a mentee whom a private exclusion cost the place reads the same
    sentence as one for whom no place was free. It is `NO_PAIR` where the numbers say nothing.
    """
    asked = Counter(topic for mentee in mentees for topic in set(mentee.wishes))
    offered = Counter(dict.fromkeys(asked, 0))
    for mentor in mentors:
        offered.update(dict.fromkeys(mentor.offers, mentor.capacity))
    everyone = len({mentee.person for mentee in mentees}), sum(mentor.capacity for mentor in mentors)

    def why(mentee: Mentee) -> Words:
        first = next(iter(mentee.wishes), None)
        if first is not None and asked[first] > offered[first]:
            return _topic_facts(asked[first], offered[first], topic=preferences.topics.get(first, first))
        if everyone[0] > everyone[1]:
            return _all_facts(*everyone)
        return NO_PAIR

    return why


Explanation = Callable[[Mentee], Words]


def _topic_facts(people: int, places: int, *, topic: Inline) -> Words:
    asked = ngettext(
        "{count} person asked for a mentor in {topic}",
        "{count} people asked for a mentor in {topic}",
        people,
        topic=topic,
    )
    return _("{asked}, and {offered}.", asked=asked, offered=_places(places))


def _all_facts(people: int, places: int) -> Words:
    asked = ngettext("{count} person asked for a mentor", "{count} people asked for a mentor", people)
    return _("{asked}, and {offered}.", asked=asked, offered=_places(places))


def _places(count: int) -> Words:
    if count == 0:
        return _("no place was offered")
    return ngettext("{count} place was offered", "{count} places were offered", count)
