"""Where no pair can be formed, everybody hears that as well."""

import pytest

from bot.domain import CohortState, Duty, LetterKind, Wanted
from tests.matching_cast import Cast, cast
from tests.stage import Stage


@pytest.fixture
async def cohort(stage: Stage) -> Cast:
    return await cast(stage)


async def test_no_pairs_are_published_like_pairs(cohort: Cast) -> None:
    ada, ben = await cohort.mentee("Ada"), await cohort.mentor("Ben")
    await cohort.exclude(ada, ben)
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    await cohort.olga.presses("Publish without pairs")
    assert "Tell everybody that no pair could be formed?" in cohort.olga.text
    assert "2 people hear in the daytime" in cohort.olga.text
    await cohort.olga.presses("Tell them")
    assert (await cohort.fresh()).state is CohortState.ACTIVE
    await cohort.stage.forward(days=1)
    for actor in (ada, ben):
        [letter] = actor.inbox
        assert "could not find" in letter.text
        assert "in this call:" not in letter.text.lower()
    await ada.types("/mentor status")
    assert "Your place in Mentoring 2027-28 is kept" in ada.text


async def test_where_nobody_offered_to_mentor_matching_leads_to_telling_everybody(cohort: Cast) -> None:
    await cohort.mentee("Ada")
    await cohort.mentee("Abe")
    await cohort.olga.types("/cohort match")
    assert "Waiting for a partner: Ada and Abe." in cohort.olga.text
    await cohort.olga.presses("Publish without pairs")
    assert "Tell everybody that no pair could be formed?" in cohort.olga.text


async def test_one_role_alone_can_be_told_too(cohort: Cast) -> None:
    ada = await cohort.mentee("Ada")
    await cohort.olga.types("/cohort publish")
    await cohort.olga.presses("Tell them")
    await cohort.stage.forward(days=1)
    assert len(await cohort.letters(LetterKind.NEWS)) == 1
    assert "could not find a mentor" in ada.inbox[0].text
    await cohort.olga.types("/cohort publish")
    assert "already published" in cohort.olga.text


async def test_who_waits_is_named_where_nobody_can_be_matched(cohort: Cast) -> None:
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.mentor("Bob", "publishing")
    await cohort.published()
    await cohort.olga.types("/cohort match")
    assert "There is no mentee who could be matched at the moment." in cohort.olga.text
    assert "Waiting for a partner: Bob." in cohort.olga.text
    assert cohort.olga.labels() == ["Apply for somebody", "Where do we stand?"]
    await cohort.olga.presses("Where do we stand?")
    assert "Waiting for a partner: Bob." in cohort.olga.text


async def test_whoever_has_a_mentor_meets_them_before_hearing_of_the_missing_mentee(cohort: Cast) -> None:
    kim = await cohort.applies("Kim", Wanted.BOTH, wishes=["cataloging"], offers=["publishing"], zone="Asia/Kolkata")
    await cohort.mentor("Ben", zone="America/Chicago")
    await cohort.published()
    await cohort.stage.forward(days=3)
    introduction = next(post for post in kim.rooms if "Kim, meet Ben" in post.text or "meet" in post.text)
    [news] = [post for post in kim.inbox if "news about" in post.text]
    assert news.at > introduction.at
    assert "You do have a mentor: Ben." in news.text
    assert "could not find a mentee for you" in news.text


async def test_a_liaison_who_gets_another_pair_hears_how_many_there_are_in_all(cohort: Cast) -> None:
    lia = await cohort.stage.person("Lia", Duty.LIAISON)
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.published()
    await cohort.stage.forward(days=1)
    assert "You look after 1 pair of Mentoring 2027-28." in lia.inbox[-1].text
    await cohort.mentee("Abe", late=True)
    await cohort.mentor("Bea", late=True)
    await cohort.published()
    await cohort.stage.forward(days=1)
    assert "You look after one more pair of Mentoring 2027-28, 2 in all." in lia.inbox[-1].text
    assert "Abe with Bea" in lia.inbox[-1].text
