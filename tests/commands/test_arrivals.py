"""Who was expected joins the chat: known by a verified mail address or a coordinator's word, never by a name."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select, update

from bot.domain import (
    Account,
    CohortState,
    Enrollment,
    Event,
    Exclusion,
    Letter,
    LetterKind,
    Pairing,
    PairingState,
    Person,
    Place,
)
from tests.commands.arrival_stage import MAIL, applies, joins, kept, people, person_with
from tests.commands.cohort_stage import olga
from tests.matching_cast import Cast
from tests.stage import Actor, Stage
from tests.wording import notice_of

__all__ = ["olga"]

LATE_SUMMER = date(2027, 8, 20)


@pytest.fixture
async def cohort(stage: Stage, olga: Actor) -> Cast:
    """Ada Lovelace is entered and has applied; Ben is a mentor who is here; the call is closed."""
    cohort = Cast(stage, await stage.cohort(state=CohortState.MATCHING), olga)
    await applies(olga)
    await cohort.mentor("Ben", zone="America/Chicago")
    return cohort


async def _published(cohort: Cast) -> None:
    await cohort.published()
    await cohort.stage.forward(hours=1)


def _texts(actor: Actor) -> str:
    return "\n".join(post.text for post in actor.inbox)


async def _expected(stage: Stage) -> Person:
    found = await person_with(stage)
    assert found is not None
    return found


async def _links(olga: Actor, newcomer: Actor) -> None:
    entered = await _expected(olga.stage)
    await olga.types("/cohort person expected")
    await olga.presses("Joined")
    await olga.runs("cohort person arrived", person=str(entered.id), newcomer=str(newcomer.id))
    assert "It cannot be taken back." in olga.text
    await olga.presses("Yes, the same person")


class TestByMail:
    """The platform vouches for a mail address."""

    async def test_the_same_address_is_the_same_person(self, cohort: Cast) -> None:
        entered = await _expected(cohort.stage)
        ada = await joins(cohort.stage, "U900", "ada.l", mail="ADA@Example.org")
        assert "Your application for Mentoring 2027-28 is in." in ada.text
        await cohort.stage.forward(days=1)
        assert [notice_of(post.message) for post in ada.inbox] == [
            "Your mentoring application was written down for you"
        ]
        assert await kept(cohort.stage) == 0
        assert await people(cohort.stage) == ["Olga", "Ada Lovelace", "Ben"]
        async with cohort.stage.app.storage.reading() as work:
            account = await work.first(select(Account).where(Account.user == "U900"))
            assert account is not None
            assert account.person_id == entered.id

    async def test_a_name_alone_never_is(self, cohort: Cast) -> None:
        ada = await joins(cohort.stage, "U900", "Ada Lovelace")
        assert "Your application" not in ada.text
        other = await joins(cohort.stage, "U901", "Ada Lovelace", mail="someone@example.org")
        assert "Your application" not in other.text
        await cohort.stage.forward(days=1)
        assert ada.inbox == other.inbox == []
        assert await kept(cohort.stage) == 1

    async def test_who_is_here_already_is_nobody_else(self, cohort: Cast) -> None:
        await joins(cohort.stage, "U900", "ada.l", mail=MAIL)
        await joins(cohort.stage, "U901", "Mallory", mail=MAIL)
        assert await people(cohort.stage) == ["Olga", "Ada Lovelace", "Ben", "Mallory"]
        assert "You have not applied" not in (await joins(cohort.stage, "U900", "ada.l", mail=MAIL)).text

    async def test_what_has_expired_meanwhile_is_not_said(self, cohort: Cast) -> None:
        await cohort.stage.pulse()
        async with cohort.stage.app.storage.work() as work:
            soon = update(Letter).where(Letter.kind == LetterKind.NEWS)
            await work.session.execute(soon.values(not_after=work.now))
        await cohort.stage.forward(days=1)
        ada = await joins(cohort.stage, "U900", "ada.l", mail=MAIL)
        await cohort.stage.forward(days=1)
        assert ada.inbox == []


class TestPairs:
    """A pair begins when both are here."""

    async def test_publishing_says_beforehand_who_is_not_here(self, cohort: Cast) -> None:
        await cohort.matched()
        await cohort.olga.types("/cohort review")
        await cohort.olga.types("/cohort publish")
        assert "Not here yet: Ada Lovelace." in cohort.olga.text
        await cohort.olga.presses("Publish")
        assert "Not here yet: Ada Lovelace." in cohort.olga.text
        assert "Who is not here yet" in cohort.olga.labels()

    async def test_the_partner_hears_for_whom_the_pair_waits_and_nothing_else(self, cohort: Cast) -> None:
        await _published(cohort)
        ben = cohort.people["Ben"]
        assert "Ada Lovelace has not joined this chat yet" in _texts(ben)
        await cohort.stage.to(LATE_SUMMER)
        assert len(ben.inbox) == 1, _texts(ben)
        assert ben.rooms == []
        assert await cohort.rows(Place) == []
        [pairing] = await cohort.rows(Pairing)
        assert (pairing.state, pairing.starts_on, pairing.introduced_at) == (PairingState.ACTIVE, None, None)
        await ben.types("/mentor status")
        assert "I introduce the two of you on that day." in ben.text

    async def test_the_team_hears_why_a_pair_waits(self, cohort: Cast) -> None:
        await _published(cohort)
        await cohort.stage.to(LATE_SUMMER)
        await cohort.olga.types("/liaison pairs")
        await cohort.olga.presses("See this pair")
        assert "Began\nwhen everybody is here" in cohort.olga.text
        assert "Ada Lovelace has not joined this chat yet" in cohort.olga.text
        assert "no news" not in cohort.olga.text

    async def test_on_arrival_they_are_introduced_and_the_letters_begin(self, cohort: Cast) -> None:
        await _published(cohort)
        await cohort.stage.forward(days=1)
        ada = await joins(cohort.stage, "U900", "ada.l", mail=MAIL)
        await cohort.stage.forward(days=1)
        assert [post.text.splitlines()[0] for post in ada.rooms] == ["Ada Lovelace, meet Ben. Ben, meet Ada Lovelace."]
        [pairing] = await cohort.rows(Pairing)
        assert pairing.starts_on == cohort.cohort.starts_on
        assert pairing.first_contact_at is not None
        due = [person.next_letter_at for person in await cohort.rows(Person) if person.name != "Olga"]
        assert len(due) == 2
        assert all(due)
        assert [event.kind for event in await cohort.rows(Event)].count("pairing.began") == 1

    async def test_whoever_arrives_while_the_other_leaves_is_introduced_if_they_stay(self, cohort: Cast) -> None:
        await _published(cohort)
        ben = cohort.people["Ben"]
        await ben.types("/mentor leave")
        await ben.sends(tell="self")
        ada = await joins(cohort.stage, "U900", "ada.l", mail=MAIL)
        await cohort.stage.pulse()
        assert ada.rooms == []
        await ben.presses("I would rather stay")
        await cohort.stage.forward(days=1)
        assert len(ada.rooms) == 1

    async def test_a_pair_that_never_began_ends_with_the_program_and_is_not_completed(self, cohort: Cast) -> None:
        await _published(cohort)
        await cohort.stage.to(date(2028, 5, 3))
        assert (await cohort.fresh()).state is CohortState.CLOSED
        assert [pairing.state for pairing in await cohort.rows(Pairing)] == [PairingState.ENDED]
        ada = await joins(cohort.stage, "U900", "ada.l", mail=MAIL)
        await cohort.stage.forward(days=1)
        assert ada.rooms == []

    async def test_whoever_was_not_matched_hears_it_on_arrival(self, cohort: Cast) -> None:
        await cohort.mentee("Abe")
        await cohort.exclude(await _actor(cohort), cohort.people["Ben"])
        await _published(cohort)
        ada = await joins(cohort.stage, "U900", "ada.l", mail=MAIL)
        await cohort.stage.forward(days=1)
        assert "could not find a mentor for you this time" in _texts(ada)
        assert cohort.people["Abe"].rooms


class TestByACoordinatorsWord:
    """Where the platform tells no mail address."""

    async def test_everything_moves_to_who_has_the_account(self, cohort: Cast) -> None:
        await _published(cohort)
        ada = await joins(cohort.stage, "U900", "Ada L.")
        await _links(cohort.olga, ada)
        assert "Ada L. is here." in cohort.olga.text
        await cohort.stage.forward(days=1)
        assert await people(cohort.stage) == ["Olga", "Ben", "Ada L."]
        assert (await _expected(cohort.stage)).id == ada.id
        assert "Olga entered you for the mentoring program before you joined this chat" in _texts(ada)
        assert "Olga has written down your application." in _texts(ada)
        assert [post.text.splitlines()[0] for post in ada.rooms] == ["Ada L., meet Ben. Ben, meet Ada L.."]
        await ada.types("/mentor status")
        assert "Ben is your mentor." in ada.text
        assert [row.person_id for row in await cohort.rows(Enrollment)].count(ada.id) == 1
        await cohort.olga.types("/cohort person expected")
        assert "Everybody whom you entered is here." in cohort.olga.text

    async def test_what_people_said_of_themselves_stays_and_the_rest_is_filled_in(self, cohort: Cast) -> None:
        ada = await joins(cohort.stage, "U900", "Ada L.")
        async with cohort.stage.app.storage.work() as work:
            (await work.get(Person, ada.id)).institution = "Sea Library"
        await _links(cohort.olga, ada)
        here = await _expected(cohort.stage)
        assert (here.name, here.institution, here.career) == ("Ada L.", "Sea Library", "student")

    async def test_exclusions_are_theirs_and_none_is_about_oneself(self, cohort: Cast) -> None:
        ada, entered = await joins(cohort.stage, "U900", "Ada L."), await _actor(cohort)
        ben = cohort.people["Ben"]
        for one, other in ((entered, ben), (ben, entered), (ada, ben), (ada, entered)):
            await cohort.exclude(one, other)
        await cohort.exclude(entered, ben, private=False)
        await _links(cohort.olga, ada)
        found = {(row.person_id, row.other_id, row.private) for row in await cohort.rows(Exclusion)}
        low, high = sorted((ada.id, ben.id))
        assert found == {(ada.id, ben.id, True), (ben.id, ada.id, True), (low, high, False)}

    async def test_two_applications_are_settled_first(self, cohort: Cast) -> None:
        ada = await cohort.mentee("Ada L.")
        await _links(cohort.olga, ada)
        assert "each have an application for Mentoring 2027-28" in cohort.olga.text
        assert await people(cohort.stage) == ["Olga", "Ada Lovelace", "Ben", "Ada L."]
        await cohort.olga.types("/cohort person Ada Lovelace")
        await cohort.olga.presses("Withdraw it")
        await _links(cohort.olga, ada)
        assert await people(cohort.stage) == ["Olga", "Ben", "Ada L."]
        await ada.types("/mentor status")
        assert "is in." in ada.text

    async def test_partners_are_two_people(self, cohort: Cast) -> None:
        await _published(cohort)
        await _links(cohort.olga, cohort.people["Ben"])
        assert "were brought together as a pair, so they are two people." in cohort.olga.text
        assert await people(cohort.stage) == ["Olga", "Ada Lovelace", "Ben"]

    async def test_a_double_click_makes_them_one_once(self, cohort: Cast) -> None:
        await _published(cohort)
        ada, entered = await joins(cohort.stage, "U900", "Ada L."), await _expected(cohort.stage)
        args = {"person": str(entered.id), "newcomer": str(ada.id)}
        await asyncio.gather(*(cohort.olga.runs("cohort person arrived now", **args) for _press in range(2)))
        await cohort.stage.forward(days=1)
        assert await people(cohort.stage) == ["Olga", "Ben", "Ada L."]
        assert len(ada.rooms) == 1
        assert _texts(ada).count("you were expected here") == 1

    async def test_who_arrives_while_pairs_are_published_is_introduced(self, cohort: Cast) -> None:
        await cohort.matched()
        await cohort.olga.types("/cohort review")
        number = str(cohort.cohort.id)
        _published, ada = await asyncio.gather(
            cohort.olga.runs("cohort publish now", cohort=number), joins(cohort.stage, "U900", "ada.l", mail=MAIL)
        )
        await cohort.stage.forward(days=1)
        assert len(ada.rooms) == 1

    async def test_it_is_done_once_and_only_with_who_is_here(self, cohort: Cast) -> None:
        entered, ben = await _expected(cohort.stage), cohort.people["Ben"]
        for one, other in ((ben.id, entered.id), (entered.id, entered.id), (ben.id, ben.id)):
            await cohort.olga.runs("cohort person arrived now", person=str(one), newcomer=str(other))
            assert "I do not find" in cohort.olga.text
        ada = await joins(cohort.stage, "U900", "Ada L.")
        await _links(cohort.olga, ada)
        await cohort.olga.runs("cohort person arrived now", person=str(entered.id), newcomer=str(ada.id))
        assert "Everybody whom you entered is here." in cohort.olga.text or "I do not find" in cohort.olga.text


async def _actor(cohort: Cast) -> Actor:
    """The expected person, as the cast knows people."""
    entered = await _expected(cohort.stage)
    return Actor(cohort.stage, entered.id, "", entered.name, entered.zone)
