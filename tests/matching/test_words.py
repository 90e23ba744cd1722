"""What people read: reasons for the committee, common ground for the pair, facts for whoever is left over."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from bot.matching import Mentee, Mentor, Preferences, Rules, common_ground, explain, reasons, solve
from bot.ui import All, Words, _, message
from tests.matching import casts
from tests.wording import words_of

LABELS = Preferences(topics={"cataloging": _("cataloging and metadata")}, languages={"en": _("English")})
ADA = Mentee(1, 1, ("cataloging", "publishing"), frozenset(range(30, 36)), 1, "North", frozenset({"en"}))
BEN = Mentor(11, 2, frozenset({"cataloging"}), 1, frozenset(range(32, 40)), 3, "South", frozenset({"en"}))


def test_the_committee_reads_ranks_by_the_label_of_the_topic():
    told = reasons(ADA, BEN, preferences=LABELS)
    assert told[0].msgid == "First choice: {topic}"
    assert told[0].places == {"topic": _("cataloging and metadata")}
    assert [words.msgid for words in told[1:]] == [
        "{count} hour of the day suits both",
        "The mentor is {count} career stage ahead",
        "Different institutions",
        "Both speak {languages}",
    ]
    assert [words.count for words in told[1:3]] == [2, 2]


def test_the_pair_reads_what_they_have_in_common():
    told = common_ground(ADA, BEN, preferences=LABELS)
    assert [words.msgid for words in told] == [
        "You share an interest in {topics}.",
        "{count} hour of the day suits you both.",
        "You both speak {languages}.",
    ]
    assert told[0].places == {"topics": All((_("cataloging and metadata"),))}


def _shared(mentee: set[int], mentor: set[int]) -> list[str]:
    """The sentence about hours, in New York on a day in June, where the first slot is 20:00 of the day before."""
    ada = Mentee(1, 1, (), frozenset(mentee))
    ben = Mentor(11, 2, frozenset(), 1, frozenset(mentor))
    told = common_ground(ada, ben, preferences=Preferences(day=date(2027, 6, 1)))
    return [words_of(message(words), "America/New_York") for words in told]


def test_the_pair_reads_at_which_time_of_their_own_day_they_can_talk():
    sentence = "The time that suits you both: {}."
    assert _shared({*range(30, 36)}, {*range(32, 40)}) == [sentence.format("12:00 to 14:00")]
    assert _shared({26, 27, 28, 34, 36, 37}, {*range(48)}) == [sentence.format("09:00 to 10:30 and 14:00 to 15:00")]
    assert _shared({46, 47, 0, 1}, {*range(48)}) == [sentence.format("19:00 to 21:00")]
    assert _shared({*range(48)}, {*range(48)}) == ["24 hours of the day suit you both."]
    assert _shared({1, 4}, {1, 4}) == ["1 hour of the day suits you both."]
    assert _shared({1}, {1}) == []


@settings(deadline=None)
@given(casts.cohorts())
def test_an_introduction_does_not_depend_on_the_rank_of_a_wish(cohort):
    mentees, mentors = cohort
    for mentee in mentees:
        turned = Mentee(mentee.enrollment, mentee.person, mentee.wishes[::-1], mentee.hours, mentee.career,
                        mentee.institution, mentee.languages)  # fmt: skip
        for mentor in mentors:
            told = common_ground(mentee, mentor, preferences=LABELS)
            assert told == common_ground(turned, mentor, preferences=LABELS)


def test_a_criterion_without_weight_is_no_reason():
    told = reasons(ADA, BEN, preferences=Preferences(weights={"institution": 0}))
    assert "Different institutions" not in [words.msgid for words in told]


def test_the_left_over_read_how_many_asked_and_how_many_places_there_were():
    others = [Mentee(number, number, ("cataloging",)) for number in (3, 4)]
    why = explain([ADA, *others], [BEN], preferences=LABELS)(ADA)
    assert why.msgid == "{asked}, and {offered}."
    asked, offered = why.places["asked"], why.places["offered"]
    assert isinstance(asked, Words)
    assert isinstance(offered, Words)
    assert (asked.count, asked.places["topic"], offered.count) == (3, _("cataloging and metadata"), 1)


@pytest.mark.parametrize("others", [0, 1, 2])
def test_a_private_exclusion_reads_exactly_as_a_place_that_others_took(others):
    competing = [Mentee(number, number, ("cataloging",), waited=1) for number in range(20, 20 + others)]
    places = Mentor(11, 2, frozenset({"cataloging"}), max(others, 1), languages=frozenset({"en"}))
    ruled_out = solve([ADA, *competing], [places], rules=Rules(ruled_out=frozenset({(1, 2)})))
    full = solve([ADA, *competing], [places], rules=Rules(former=frozenset({(1, 2)})))
    taken = solve([ADA, *competing], [places])
    assert ruled_out == full
    assert [alone.mentee for alone in ruled_out.left_over] == [1]
    if others:
        assert ruled_out == taken


def test_a_private_exclusion_that_leaves_places_free_reads_as_any_other_cause():
    ruled_out = solve([ADA], [BEN], rules=Rules(ruled_out=frozenset({(2, 1)})))
    speechless = solve([ADA], [Mentor(11, 2, frozenset({"cataloging"}), 1, languages=frozenset({"fr"}))])
    assert ruled_out.left_over == speechless.left_over


def test_names_of_rules_are_never_in_a_sentence():
    proposal = solve([ADA], [BEN], rules=Rules(ruled_out=frozenset({(1, 2)})))
    said = " ".join([proposal.proof.msgid, *(alone.why.msgid for alone in proposal.left_over)])
    assert not {"exclu", "ruled", "forbid", "former"} & {word[:6].lower() for word in said.split()}
