"""Publishing: once, all or nothing, and everybody hears what concerns them and nothing else."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select, update

from bot.domain import (
    Account,
    Application,
    CohortState,
    Duty,
    Enrollment,
    EnrollmentState,
    Letter,
    LetterKind,
    Member,
    Pairing,
    PairingState,
    Person,
    Place,
    Space,
    Wanted,
)
from bot.domain.rhythm import Reader, decent_for_all
from bot.services import liaisons
from bot.ui import Message, codec
from tests.matching_cast import Cast, cast
from tests.stage import Stage
from tests.wording import notice_of, words_of

ACTIVE, PROPOSED, ENDED = PairingState.ACTIVE, PairingState.PROPOSED, PairingState.ENDED


@pytest.fixture
async def cohort(stage: Stage) -> Cast:
    return await cast(stage)


@pytest.fixture
async def pair(cohort: Cast) -> Cast:
    """Ada and Ben are proposed, and Olga has looked at them."""
    await cohort.mentee("Ada", "cataloging", about="I would like somebody to *think* aloud with.", contact="ada@x.org")
    await cohort.mentor("Ben", "cataloging", about="Ask me about metadata.", zone="America/Chicago")
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    return cohort


async def _publish(cohort: Cast) -> None:
    await cohort.olga.types("/cohort publish")
    await cohort.olga.presses("Publish")


async def test_nothing_is_published_before_it_is_proposed_and_reviewed(cohort: Cast) -> None:
    await cohort.olga.types("/cohort publish")
    assert "/cohort match" in cohort.olga.text
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.olga.types("/cohort match")
    await cohort.olga.types("/cohort publish")
    assert "at this moment" in cohort.olga.text
    await cohort.stage.pulse()
    for path in ("cohort publish", "cohort publish now"):
        await cohort.olga.runs(path, cohort=str(cohort.cohort.id))
        assert "have not been reviewed" in cohort.olga.text
        assert cohort.olga.labels() == ["Review the pairs"]
    assert await cohort.pairs(ACTIVE) == set()


async def test_publishing_is_asked_once_with_what_it_will_do(pair: Cast) -> None:
    await pair.mentee("Abe", "acquisitions")
    await pair.matched()
    await pair.olga.types("/cohort review")
    reply = await pair.olga.types("/cohort publish")
    assert isinstance(reply, Message)
    assert notice_of(reply) == "Publish 1 pair?"
    lines = pair.olga.text.splitlines()
    assert lines[lines.index("Mentees without a mentor") + 1] == "1"
    assert "1 person hears in the daytime that nobody was found, and that they can turn to Olga." in pair.olga.text
    assert "Nobody is a liaison yet" in pair.olga.text
    assert await pair.pairs(PROPOSED) == {("Ada", "Ben")}


async def test_pairs_become_active_from_the_first_day_of_the_program(pair: Cast) -> None:
    await _publish(pair)
    (pairing,) = await pair.rows(Pairing)
    assert (pairing.state, pairing.starts_on) == (ACTIVE, date(2027, 6, 1))
    fresh = await pair.fresh()
    assert (fresh.state, fresh.published_at) == (CohortState.ACTIVE, pair.stage.clock.now())
    summary = datetime(2027, 6, 7, 9, tzinfo=ZoneInfo("America/Chicago"))
    assert fresh.next_summary_at == summary
    assert {row.state for row in await pair.rows(Enrollment)} == {EnrollmentState.MATCHED}
    assert pairing.first_contact_at is not None
    async with pair.stage.app.storage.reading() as work:
        dues = await work.all(select(Person.next_letter_at).where(Person.id.in_([pair.people["Ada"].id])))
    assert dues == [datetime(2027, 6, 15, 14, tzinfo=UTC)]


async def test_published_in_the_middle_of_the_program_a_pair_begins_that_day(stage: Stage) -> None:
    cohort = await cast(stage, starts_on=date(2027, 1, 10))
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.published()
    assert [pairing.starts_on for pairing in await cohort.rows(Pairing)] == [date(2027, 2, 1)]


async def test_a_second_publish_is_refused_and_says_when_it_was(pair: Cast) -> None:
    await _publish(pair)
    before = len(await pair.rows(Letter))
    for path in ("cohort publish", "cohort publish now"):
        await pair.olga.runs(path, cohort=str(pair.cohort.id))
        assert "already published on Monday, February 1" in pair.olga.text
    assert len(await pair.rows(Letter)) == before


async def test_the_introduction_says_what_they_share_and_names_the_liaison(pair: Cast) -> None:
    await pair.stage.person("Lia", Duty.LIAISON)
    await _publish(pair)
    await pair.stage.pulse()
    (place,) = await pair.rows(Place)
    (letter,) = [post for post in pair.stage.messenger.posts if post.conversation == place.conversation]
    assert "Ada, meet Ben. Ben, meet Ada." in letter.text
    assert "You share an interest in cataloging and metadata." in letter.text
    assert "I would like somebody to *think* aloud with." in letter.text
    assert "Ask me about metadata." in letter.text
    assert "Ben, would you write the first message?" in letter.text
    assert "Your liaison, Lia" in letter.text
    assert "ada@x.org" not in letter.text
    ours = letter.text.replace("I would like somebody to *think* aloud with.", "").replace("Ask me about metadata.", "")
    assert len(ours.split()) <= 150
    assert len(notice_of(letter.message)) <= 80
    for word in ("score", "rank", "first choice", "second choice", "optimal", "best", "points", "%"):
        assert word not in letter.text.lower()


async def test_without_a_liaison_a_coordinator_is_named(pair: Cast) -> None:
    await _publish(pair)
    (letter,) = await pair.letters(LetterKind.INTRODUCTION)
    assert letter.message is not None
    assert "each of you can write to Olga" in words_of(codec.load(letter.message))


async def test_an_introduction_waits_for_the_daytime_of_both(stage: Stage) -> None:
    cohort = await cast(stage)
    await cohort.mentee("Ada", zone="America/New_York")
    await cohort.mentor("Ben", zone="Asia/Kolkata")
    await cohort.published()  # Monday 10:00 in New York, 20:30 in Kolkata
    (letter,) = await cohort.letters(LetterKind.INTRODUCTION)
    assert letter.held_until == datetime(2027, 2, 2, 8, tzinfo=ZoneInfo("America/New_York"))
    (pairing,) = await cohort.rows(Pairing)
    assert pairing.introduced_at == letter.held_until


def _reader(zone: str, begins: int, ends: int) -> Reader:
    """Somebody who may be written to from one hour to the other."""
    return Reader(ZoneInfo(zone), quiet_from=time(ends), quiet_to=time(begins))


def test_hours_that_never_meet_leave_the_mentee_s() -> None:
    now = datetime(2027, 2, 1, 3, tzinfo=UTC)
    mentee, mentor = _reader("UTC", 8, 10), _reader("UTC", 18, 20)
    assert decent_for_all(now, [mentee, mentor]) == datetime(2027, 2, 1, 8, tzinfo=UTC)
    assert decent_for_all(now, [mentee, mentee]) == datetime(2027, 2, 1, 8, tzinfo=UTC)


async def test_an_earlier_place_of_the_same_two_is_used_again(pair: Cast) -> None:
    async with pair.stage.app.storage.work() as work:
        space = await work.first(select(Place.space_id)) or 1
        ada, ben = pair.people["Ada"].id, pair.people["Ben"].id
        work.add(
            Place(
                space_id=space, people=f"{min(ada, ben)},{max(ada, ben)}", name="old", conversation="old", state="open"
            )
        )
    await _publish(pair)
    (place,) = await pair.rows(Place)
    assert [pairing.place_id for pairing in await pair.rows(Pairing)] == [place.id]
    assert [letter.place_id for letter in await pair.letters(LetterKind.INTRODUCTION)] == [place.id]


async def test_everyone_not_matched_hears_it_in_the_daytime_from_a_person(stage: Stage) -> None:
    cohort = await cast(stage)
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    ann = await cohort.mentee("Ann", "publishing", zone="Pacific/Auckland")
    bob = await cohort.mentor("Bob", "collections", places=2)
    eve = await cohort.applies("Eve", Wanted.BOTH, wishes=["service"], offers=["acquisitions"])
    await cohort.published()
    news = {letter.person_id: letter for letter in await cohort.letters(LetterKind.NEWS)}
    assert set(news) == {ann.id, bob.id, eve.id}
    assert news[ann.id].held_until == datetime(2027, 2, 2, 8, tzinfo=ZoneInfo("Pacific/Auckland"))
    await stage.forward(days=1)
    for actor in (ann, bob, eve):
        (letter,) = actor.inbox
        assert notice_of(letter.message) == "There is news about your mentoring application."
        assert "Olga is glad to talk it over with you." in letter.text
        assert "Take me off the list" in letter.text
    assert "could not find a mentor for you" in ann.inbox[0].text
    assert "1 person asked for a mentor in publishing, and no place was offered." in ann.inbox[0].text
    assert "could not find a mentee for you" in bob.inbox[0].text
    assert "find a mentor" in eve.inbox[0].text
    assert "find a mentee" in eve.inbox[0].text
    states = {(await cohort.enrollment(actor)).state for actor in (ann, bob, eve)}
    assert states == {EnrollmentState.UNMATCHED}
    assert not [post for post in cohort.people["Ada"].inbox if "news" in post.text]


async def test_a_mentee_whose_offer_nobody_took_hears_of_that_alone(cohort: Cast) -> None:
    eve = await cohort.applies("Eve", Wanted.BOTH, wishes=["cataloging"], offers=["acquisitions"])
    await cohort.mentor("Ben")
    await cohort.published()
    await cohort.stage.forward(hours=2)
    (letter,) = eve.inbox
    assert "find a mentee" in letter.text
    assert "find a mentor" not in letter.text
    assert "Take me off the list" not in letter.text
    roles = [(await cohort.enrollment(eve, role)).state for role in ("mentee", "mentor")]
    assert roles == [EnrollmentState.MATCHED, EnrollmentState.UNMATCHED]


async def test_taking_oneself_off_the_list_is_one_press_away(cohort: Cast) -> None:
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    ann = await cohort.mentee("Ann", "publishing")
    await cohort.published()
    await cohort.stage.pulse()
    await ann.presses("Take me off the list")
    assert "withdraw" in ann.text.lower() or "take" in ann.text.lower()
    assert "no application" not in ann.text


async def test_nothing_private_reaches_those_who_are_not_matched(cohort: Cast) -> None:
    ada, ben = await cohort.mentee("Ada"), await cohort.mentor("Ben")
    await cohort.mentee("Abe", "publishing")
    await cohort.mentor("Bea", "publishing")
    await cohort.exclude(ben, ada)
    await cohort.published()
    await cohort.stage.forward(days=1)
    for actor in (ada, ben):
        assert actor.inbox
        for post in actor.inbox:
            for word in ("Ben", "Bea", "Abe", "exclu", "ruled", "score", "rank", "committee does not"):
                assert word not in post.text.replace(actor.name, "")


async def test_liaisons_hear_once_which_pairs_are_theirs(cohort: Cast) -> None:
    lia, lee = [await cohort.stage.person(name, Duty.LIAISON) for name in ("Lia", "Lee")]
    for number in range(5):
        await cohort.mentee(f"Mentee {number}")
        await cohort.mentor(f"Mentor {number}")
    await cohort.published()
    await cohort.stage.pulse()
    held = {lia.id: 3, lee.id: 2}
    pairings = await cohort.rows(Pairing)
    assert {actor.id: sum(p.liaison_id == actor.id for p in pairings) for actor in (lia, lee)} == held
    for actor in (lia, lee):
        (letter,) = actor.inbox
        assert f"You look after {held[actor.id]} pairs" in letter.text
        assert letter.text.count("Mentee") == held[actor.id]


async def test_nobody_looks_after_their_own_pair_and_what_is_assigned_stays(cohort: Cast) -> None:
    lia = await cohort.stage.person("Lia", Duty.LIAISON)
    lee = await cohort.stage.person("Lee", Duty.LIAISON)
    for number in range(3):
        await cohort.mentee(f"Mentee {number}")
    await cohort.mentor("Lia")
    await cohort.mentor("Ben", places=2)
    await cohort.published()
    own = [pairing for pairing in await cohort.rows(Pairing) if pairing.liaison_id == lia.id]
    async with cohort.stage.app.storage.reading() as work:
        mine = await work.all(select(Member.pairing_id).where(Member.person_id == lia.id))
    assert not {pairing.id for pairing in own} & set(mine)
    before = {pairing.id: pairing.liaison_id for pairing in await cohort.rows(Pairing)}
    assert sorted(list(before.values()).count(person) for person in (lia.id, lee.id)) == [1, 2]
    async with cohort.stage.app.storage.work() as work:
        assert await liaisons.alone(work, cohort.cohort) == []
    assert {pairing.id: pairing.liaison_id for pairing in await cohort.rows(Pairing)} == before


async def test_a_failure_in_the_middle_publishes_nothing(pair: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await pair.olga.types("/cohort publish")

    async def fail(*_args: object, **_named: object) -> None:
        raise ArithmeticError

    letters, events = await pair.rows(Letter), await pair.kinds()
    monkeypatch.setattr(liaisons, "tell", fail)
    with pytest.raises(AssertionError, match="a bug answered"):
        await pair.olga.presses("Publish")
    assert await pair.pairs(PROPOSED) == {("Ada", "Ben")}
    assert await pair.rows(Place) == []
    assert len(await pair.rows(Letter)) == len(letters)
    assert await pair.kinds() == events
    assert (await pair.fresh()).state is CohortState.MATCHING
    monkeypatch.undo()
    await _publish(pair)
    assert await pair.pairs(ACTIVE) == {("Ada", "Ben")}


async def _withdraw(pair: Cast) -> None:
    async with pair.stage.app.storage.work() as work:
        await work.session.execute(
            update(Enrollment)
            .where(Enrollment.person_id == pair.people["Ada"].id)
            .values(state=EnrollmentState.WITHDRAWN)
        )


async def _rule_out(pair: Cast) -> None:
    await pair.exclude(pair.people["Ada"], pair.people["Ben"])


@pytest.mark.parametrize("changes", [_withdraw, _rule_out])
async def test_what_has_become_impossible_is_not_published_and_nobody_learns_why(
    pair: Cast, changes: Callable[[Cast], Awaitable[None]]
) -> None:
    await pair.olga.types("/cohort publish")
    await changes(pair)
    await pair.olga.presses("Publish")
    assert "Something has changed since these pairs were proposed" in pair.olga.text
    assert "Ada" not in pair.olga.text
    assert pair.olga.labels() == ["Match again"]
    assert await pair.pairs(ACTIVE) == set()


async def test_somebody_without_a_partner_can_be_matched_later(pair: Cast) -> None:
    ben = pair.people["Ben"]
    waiting = await pair.mentee("Abe", "publishing")
    await pair.published()
    published_at = (await pair.fresh()).published_at
    (pairing,) = await pair.rows(Pairing)
    async with pair.stage.app.storage.work() as work:
        await work.session.execute(update(Pairing).values(state=ENDED))
        ended = update(Enrollment).where(Enrollment.person_id == pair.people["Ada"].id)
        await work.session.execute(ended.values(state=EnrollmentState.WITHDRAWN))
        again = update(Enrollment).where(Enrollment.person_id == ben.id)
        await work.session.execute(again.values(state=EnrollmentState.UNMATCHED))
    await pair.mentee("Late", "cataloging", late=True)
    await pair.olga.types("/cohort match")
    assert "no mentor" in pair.olga.text, "Ben has not said that another match is welcome"
    async with pair.stage.app.storage.work() as work:
        await work.session.execute(again.values(state=EnrollmentState.WAITING))
    await pair.matched()
    assert await pair.pairs(PROPOSED) == {("Late", "Ben")}
    await pair.stage.forward(days=150)
    before = len(waiting.inbox)
    await pair.olga.types("/cohort review")
    await _publish(pair)
    assert await pair.pairs(ACTIVE) == {("Late", "Ben")}
    new = next(row for row in await pair.rows(Pairing) if row.state is ACTIVE)
    assert new.starts_on == date(2027, 7, 1)
    assert (await pair.fresh()).published_at == published_at
    assert pairing.id != new.id
    await pair.stage.pulse()
    assert len(waiting.inbox) == before, "Abe knows already"


async def test_somebody_let_in_after_the_proposal_is_thought_of_before_it_is_published(pair: Cast) -> None:
    await pair.matched()
    await pair.olga.types("/cohort review")
    await pair.mentee("Late", "cataloging", late=True)
    await pair.olga.types("/cohort publish")
    assert "Please match again" in pair.olga.text
    await pair.matched()
    await pair.olga.types("/cohort review")
    await _publish(pair)
    await pair.stage.forward(days=1)
    assert pair.people["Late"].inbox, "whoever finds no mentor hears of it"


async def test_a_mentor_s_second_place_stays_open_for_late_mentees(cohort: Cast) -> None:
    await cohort.mentee("Ada")
    await cohort.mentor("Ben", places=2)
    await cohort.published()
    await cohort.mentee("Late", late=True)
    await cohort.mentee("Later", late=True)
    await cohort.matched()
    ((mentee, mentor),) = await cohort.pairs(PROPOSED)
    assert mentor == "Ben"
    assert mentee in {"Late", "Later"}


async def test_contact_details_are_shown_to_the_partner_alone(pair: Cast) -> None:
    ada, ben, other = pair.people["Ada"], pair.people["Ben"], await pair.stage.person("Eve")
    await _publish(pair)
    await pair.stage.pulse()
    reply = await ben.presses("Contact details")
    assert isinstance(reply, Message)
    assert reply.private
    assert "ada@x.org" in ben.text
    assert "ada@x.org" not in notice_of(reply)
    await ada.presses("Contact details")
    assert "Ben has left no contact details here" in ada.text
    (pairing,) = await pair.rows(Pairing)
    await other.runs("mentor contact", pair=str(pairing.id))
    assert "ada@x.org" not in other.text


async def _many(cohort: Cast, pairs: int) -> None:
    async with cohort.stage.app.storage.work() as work:
        space = await work.first(select(Space))
        people = [
            Person(community_id=space.community_id, name=f"Person {number}", zone="America/Denver", created_at=work.now)
            for number in range(2 * pairs)
        ]
        work.add(*people)
        await work.flush()
        for number, person in enumerate(people):
            work.add(Account(space_id=space.id, user=f"U{person.id}", person_id=person.id))
            wanted = Wanted.MENTEE if number % 2 else Wanted.MENTOR
            topics = ["cataloging", "publishing", "acquisitions"]
            work.add(
                Application(
                    cohort_id=cohort.cohort.id,
                    person_id=person.id,
                    wanted=wanted,
                    wishes=topics,
                    offers=topics,
                    sent_at=work.now,
                )
            )


async def _statements(cohort: Cast, pairs: int) -> int:
    """How many statements publishing so many pairs takes."""
    await _many(cohort, pairs)
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    await cohort.olga.types("/cohort publish")
    seen: list[str] = []
    engine = cohort.stage.app.storage.engines.write.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    await cohort.olga.presses("Publish")
    assert sum(pairing.state is ACTIVE for pairing in await cohort.rows(Pairing)) == pairs
    return len(seen)


async def test_forty_one_pairs_are_published_in_one_go_with_few_statements(cohort: Cast) -> None:
    for name in ("Lia", "Lee", "Lou"):
        await cohort.stage.person(name, Duty.LIAISON)
    assert await _statements(cohort, 41) < 50
    assert len(await cohort.letters(LetterKind.INTRODUCTION)) == 41
    assert len(await cohort.letters(LetterKind.DUTY)) == 3
    assert len(await cohort.rows(Place)) == 41
