"""Everybody in a fixed order, with the rules checked and applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.matching.candidate import Mentee, Mentor, PersonPair, Rules


@dataclass(frozen=True, slots=True)
class Roster:
    """All mentees and mentors by enrollment number, so that no result depends on the order in which they
    came.

    `open`: mentees who have no locked mentor; `places`: what locked pairs leave of each mentor's capacity.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    open: tuple[Mentee, ...]
    places: tuple[int, ...]
    apart: frozenset[PersonPair]

    @classmethod
    def of(cls, mentees: Sequence[Mentee], mentors: Sequence[Mentor], *, rules: Rules) -> Roster:
        """Sort and check. Raises ValueError for a number that occurs twice and for locks that cannot be
        kept."""
        by_number = {mentee.enrollment: mentee for mentee in sorted(mentees, key=lambda who: who.enrollment)}
        mentors_by_number = {mentor.enrollment: mentor for mentor in sorted(mentors, key=lambda who: who.enrollment)}
        if len(by_number) < len(mentees) or len(mentors_by_number) < len(mentors):
            raise ValueError("an enrollment number occurs twice")
        met = _locked_persons(by_number, mentors_by_number, rules=rules)
        taken = Counter(mentor for _, mentor in rules.locked)
        locked = {mentee for mentee, _ in rules.locked}
        return cls(
            tuple(by_number.values()),
            tuple(mentors_by_number.values()),
            tuple(mentee for mentee in by_number.values() if mentee.enrollment not in locked),
            tuple(mentor.capacity - taken[mentor.enrollment] for mentor in mentors_by_number.values()),
            rules.never() | met,
        )

    def never(self) -> list[tuple[int, int]]:
        """Cells (row in `open`, column in `mentors`) that must not be chosen: oneself, and persons kept
        apart."""
        rows, columns = _places_of(self.open), _places_of(self.mentors)
        themselves = ((person, person) for person in rows.keys() & columns.keys())
        both_ways = (way for one, other in self.apart for way in ((one, other), (other, one)))
        return [
            (row, column)
            for one, other in (*themselves, *both_ways)
            for row in rows.get(one, ())
            for column in columns.get(other, ())
        ]


def _locked_persons(mentees: dict[int, Mentee], mentors: dict[int, Mentor], *, rules: Rules) -> frozenset[PersonPair]:
    """The persons of each locked pair: once they meet, they meet in no other pair."""
    if len({mentee for mentee, _ in rules.locked}) < len(rules.locked):
        raise ValueError("a mentee is locked twice")
    for enrollment, count in Counter(mentor for _, mentor in rules.locked).items():
        if enrollment in mentors and count > mentors[enrollment].capacity:
            raise ValueError(f"mentor {enrollment} has {mentors[enrollment].capacity} places and {count} locked pairs")
    return frozenset(_persons(mentees, mentors, rules=rules))


def _persons(mentees: dict[int, Mentee], mentors: dict[int, Mentor], *, rules: Rules) -> Iterator[PersonPair]:
    seen = set(rules.never())
    for one, other in rules.locked:
        if one not in mentees or other not in mentors:
            raise ValueError(f"the locked pair {one}, {other} names an unknown enrollment")
        here, there = mentees[one].person, mentors[other].person
        pair = (min(here, there), max(here, there))
        if here == there or pair in seen:
            # One sentence for all reasons: it must not betray a private exclusion.
            raise ValueError(f"the locked pair {one}, {other} cannot be kept under the rules")
        seen.add(pair)
        yield pair


def _places_of(candidates: Sequence[Mentee | Mentor]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for index, candidate in enumerate(candidates):
        places.setdefault(candidate.person, []).append(index)
    return places
