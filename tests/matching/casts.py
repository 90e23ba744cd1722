"""Invented cohorts, and what is best for them by trying everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from bot.matching import Mentee, Mentor, Preferences, Proposal, Rules, score

TOPICS = ("acquisitions", "cataloging", "preservation")
LANGUAGES = ("en", "es")
Value = tuple[int, int, int, int]
Chosen = tuple[tuple[Mentee, Mentor], ...]

_hours = st.frozensets(st.integers(28, 36), max_size=6)
_about = {
    "hours": _hours,
    "career": st.integers(-1, 3),
    "institution": st.sampled_from(("", "North", "South")),
    "languages": st.frozensets(st.sampled_from(LANGUAGES), max_size=2),
}


@st.composite
def cohorts(draw: st.DrawFn, *, overlap: bool = True) -> tuple[list[Mentee], list[Mentor]]:
    """Up to five mentees and four mentors; with `overlap`, some persons are both."""
    persons = st.integers(1, 7)
    mentee_persons = draw(st.lists(persons, min_size=0, max_size=5, unique=True))
    mentor_persons = draw(st.lists(persons, min_size=0, max_size=4, unique=True))
    shift = 0 if overlap else 100
    wishes = st.lists(st.sampled_from(TOPICS), unique=True, max_size=3).map(tuple)
    offers = st.frozensets(st.sampled_from(TOPICS), max_size=3)
    mentees = [
        draw(st.builds(Mentee, st.just(10 + number), st.just(person), wishes, waited=st.integers(0, 2), **_about))
        for number, person in enumerate(mentee_persons)
    ]
    mentors = [
        draw(st.builds(Mentor, st.just(50 + number), st.just(person + shift), offers, st.integers(1, 3), **_about))
        for number, person in enumerate(mentor_persons)
    ]
    return mentees, mentors


def person_pairs() -> st.SearchStrategy[frozenset[tuple[int, int]]]:
    """A few pairs of persons, either way round."""
    return st.frozensets(st.tuples(st.integers(1, 7), st.integers(1, 7)), max_size=3)


def rules() -> st.SearchStrategy[Rules]:
    """Rules of every kind but locks."""
    return st.builds(Rules, person_pairs(), person_pairs(), person_pairs())


def preferences() -> st.SearchStrategy[Preferences]:
    """Whatever a template may say."""
    return st.builds(
        Preferences,
        weights=st.sampled_from(({}, {"topics": 1, "hours": 0}, {"language": 90})),
        institution=st.sampled_from(("other", "same", "indifferent")),
        objective=st.sampled_from(("total", "worst")),
        need_topic=st.booleans(),
    )


def may_meet(mentee: Mentee, mentor: Mentor, *, rules: Rules, preferences: Preferences) -> bool:
    """The hard rules for one pair, written down a second time."""
    kept_apart = rules.forbidden | rules.ruled_out | rules.former
    if mentee.person == mentor.person:
        return False
    if {(mentee.person, mentor.person), (mentor.person, mentee.person)} & kept_apart:
        return False
    if mentee.languages and mentor.languages and not mentee.languages & mentor.languages:
        return False
    return not preferences.need_topic or bool(mentor.offers & set(mentee.wishes))


def every_matching(
    mentees: Sequence[Mentee], mentors: Sequence[Mentor], *, rules: Rules, preferences: Preferences
) -> Iterator[Chosen]:
    """Everything that keeps all rules, with nobody, some or all matched."""
    if not mentees:
        yield ()
        return
    mentee, *others = mentees
    for rest in every_matching(others, mentors, rules=rules, preferences=preferences):
        yield rest
        taken = Counter(mentor.enrollment for _, mentor in rest)
        meetings = {frozenset((one.person, other.person)) for one, other in rest}
        for mentor in mentors:
            free = taken[mentor.enrollment] < mentor.capacity
            new = frozenset((mentee.person, mentor.person)) not in meetings
            if free and new and may_meet(mentee, mentor, rules=rules, preferences=preferences):
                yield ((mentee, mentor), *rest)


def value(chosen: Chosen, everybody: Sequence[Mentee], *, preferences: Preferences) -> Value:
    """How good a matching is: how many, who waited, the worst score if that counts, the total."""
    scores = [score(mentee, mentor, preferences=preferences) for mentee, mentor in chosen]
    order = sorted({mentee.waited for mentee in everybody})
    waits = sum(order.index(mentee.waited) for mentee, _ in chosen)
    worst = min(scores, default=0) if preferences.objective == "worst" else 0
    return len(chosen), waits, worst, sum(scores)


def chosen(proposal: Proposal, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Chosen:
    """The people of a proposal's pairs."""
    here = {mentee.enrollment: mentee for mentee in mentees}
    there = {mentor.enrollment: mentor for mentor in mentors}
    return tuple((here[pair.mentee], there[pair.mentor]) for pair in proposal.pairs)
