"""How a cohort's life sounds: notices fit a locked phone and give nothing away, letters are short."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bot.domain import (
    Application,
    ApplicationState,
    Cohort,
    CohortState,
    Duty,
    Event,
    Member,
    Pairing,
    Person,
    Role,
    Wanted,
)
from bot.texts import arrivals, call, cohort_duties, cohort_news, cohorts, entering, team, undoing
from bot.ui import Message
from tests.wording import notice_of, words_of

LONGEST = date(2027, 9, 15)  # a Wednesday in September
PRIVATE = ("declin", "refus", "concern", "reject", "withdrawn", "removed", "accept")
BANNED = ("!", "you haven't", "still", "only", "overdue", "reminder", "unfortunately")

COHORT = Cohort(
    id=1,
    template="alcts",
    title="M" * 40,
    state=CohortState.MATCHING,
    zone="America/Chicago",
    opens_on=LONGEST,
    closes_on=LONGEST,
    announced_on=LONGEST,
    starts_on=LONGEST,
    ends_on=LONGEST,
)
PERSON = Person(id=1, name="Maximiliana Featherstonehaugh-Cholmondeley", mail="maximiliana@example.org")
BY = Person(id=2, name="Olga", mail="olga@example.org")
APPLICATION = Application(id=1, wanted=Wanted.BOTH, state=ApplicationState.SENT)
PAIRING = Pairing(
    id=1, cohort=COHORT, members=[Member(person=PERSON, role=Role.MENTOR), Member(person=BY, role=Role.MENTEE)]
)
MOVES = [(name, LONGEST, LONGEST) for name in cohort_news.DAYS]


def _letters() -> Iterator[Message]:
    yield cohort_news.dates_moved(PERSON, COHORT, MOVES[:3], BY)
    yield cohort_news.closed_early(PERSON, COHORT)
    yield cohort_news.closed_with(PERSON, APPLICATION, COHORT, BY)
    yield arrivals.welcome(PERSON, BY)
    yield arrivals.partner_expected(PERSON, PAIRING)
    yield cohort_news.cancelled(PERSON, COHORT, BY)
    yield cohort_news.pairs_end(PERSON, COHORT, BY)
    yield cohort_news.team_hears(PERSON, COHORT, BY)
    yield cohort_news.completed(PAIRING, talks=19, reached=2)
    yield cohort_news.entered(PERSON, APPLICATION, COHORT, BY)
    yield cohort_news.entered_late(PERSON, APPLICATION, COHORT, BY)
    yield cohort_news.taken_back(PERSON, COHORT, BY)
    yield cohort_news.late_accepted(PERSON, COHORT, today=LONGEST)
    yield cohort_news.late_declined(PERSON, COHORT, BY)
    yield cohort_duties.call_is_closed(COHORT, 14, 2)
    yield cohort_duties.announcement_is_near(COHORT)
    yield cohort_duties.announcement_has_passed(COHORT)
    yield cohort_duties.cohort_has_ended(COHORT, 41)
    yield cohort_duties.call_waits(COHORT, COHORT)
    yield call.over(COHORT)
    yield call.called_off(COHORT, BY)
    yield call.news(COHORT, PERSON)
    for duty in Duty:
        yield team.joined(PERSON, duty, BY)
        yield team.left(PERSON, duty, BY)


def _replies() -> Iterator[Message]:
    event, until = Event(id=1), datetime(2027, 9, 15, 14, 10, tzinfo=UTC)
    yield cohorts.created(COHORT)
    yield cohorts.closed(COHORT, event, until, 14)
    yield cohorts.ask_cancel(COHORT, applicants=14, paired=82, team=5)
    yield cohorts.cancelled(COHORT, event, until)
    yield entering.there(PERSON, COHORT, APPLICATION)
    yield entering.entered(PERSON, COHORT, APPLICATION, is_here=True)
    yield entering.entered(PERSON, COHORT, APPLICATION, is_here=False)
    yield entering.nothing_yet(PERSON, COHORT, said=arrivals.is_written_down(PERSON))
    yield arrivals.nobody_called(PERSON.name)
    yield arrivals.several_called(PERSON.name, [(PERSON, True), (BY, False)])
    yield arrivals.not_here([PERSON, BY], count=4)
    yield arrivals.not_here([], count=0)
    yield arrivals.corrected(PERSON)
    yield arrivals.ask(PERSON, BY)
    yield arrivals.recognized(PERSON)
    yield undoing.undone()


@pytest.mark.parametrize("letter", tuple(_letters()), ids=lambda letter: notice_of(letter)[:40])
def test_a_letters_notice_fits_a_locked_phone_and_gives_nothing_away(letter: Message) -> None:
    notice = notice_of(letter)
    assert 0 < len(notice) <= 80
    assert not any(word in notice.lower() for word in PRIVATE)


@pytest.mark.parametrize("said", [*_letters(), *_replies()], ids=lambda said: notice_of(said)[:40])
def test_everything_is_short_and_plain(said: Message) -> None:
    text = words_of(said)
    assert len(text.split()) <= 100
    assert not any(f" {word}" in f" {text.lower()} " for word in BANNED if word.isalpha())
    assert "!" not in text


def test_bad_news_names_a_person_to_talk_to() -> None:
    for news in (
        cohort_news.cancelled(PERSON, COHORT, BY),
        cohort_news.pairs_end(PERSON, COHORT, BY),
        cohort_news.late_declined(PERSON, COHORT, BY),
        cohort_news.taken_back(PERSON, COHORT, BY),
        team.left(PERSON, Duty.LIAISON, BY),
    ):
        assert "Olga" in words_of(news)


def test_every_change_that_can_be_undone_says_what_to_do_afterwards() -> None:
    for kind in undoing.UNDOABLE:
        assert notice_of(Message((), own_notice=undoing.sent_already(kind))).count(".") >= 2
