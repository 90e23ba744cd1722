"""The call for participation: looked at, posted, corrected and closed; and what people agree to."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.domain import Channel, Cohort, CohortState, Duty, Person, Space
from bot.programs import template, templates
from bot.texts import call as texts
from bot.ui import Buttons, Changed, Form, Message
from tests.commands.cohort_stage import change_person, olga, reads, short
from tests.commands.test_joining import joined
from tests.stage import Actor, Stage
from tests.wording import label_of, notice_of, words_of

__all__ = ["olga"]


async def _draft(stage: Stage, **values: object) -> Cohort:
    return await stage.cohort(**{"state": CohortState.DRAFT, **values})


async def _post(olga: Actor) -> None:
    await olga.types("/cohort open channel:mentoring")
    await olga.presses("Post it")


@pytest.mark.parametrize("name", templates())
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_every_call_keeps_to_150_words_and_a_phones_line(stage: Stage, name: str) -> None:
    longest = date(2027, 9, 15)  # a Wednesday in September
    cohort = await stage.cohort(
        template=name,
        title="M" * 40,
        opens_on=date(2027, 9, 1),
        closes_on=longest,
        announced_on=longest,
        starts_on=longest,
        ends_on=longest,
    )
    call = texts.call(cohort, template(name), Person(id=1, name="Maximiliana Featherstonehaugh"))
    assert short(words_of(call)) <= 150
    assert len(notice_of(call)) <= 80
    assert len(words_of(call)) < 2000
    assert not call.private


async def test_the_preview_shows_the_call_exactly_and_posts_nothing(stage: Stage, olga: Actor) -> None:
    await _draft(stage)
    await olga.types("/cohort open channel:mentoring")
    preview = olga.last
    assert isinstance(preview, Message)
    assert "everybody in #mentoring reads it" in olga.text
    assert olga.labels() == ["Post it", "Change the dates"]
    await stage.forward(hours=1)
    assert stage.channel("mentoring") == []
    await olga.presses("Post it")
    await stage.pulse()
    [post] = stage.channel("mentoring")
    shown = [part for part in post.message.parts if not isinstance(part, Buttons)]
    assert [part for part in preview.parts if part in shown] == shown


async def test_the_posted_call_says_what_when_and_whom_to_ask(stage: Stage, olga: Actor) -> None:
    cohort = await _draft(stage)
    await _post(olga)
    assert isinstance(olga.last, Changed)
    assert "The call is open until Monday, March 15." in olga.text
    await stage.pulse()
    [post] = stage.channel("mentoring")
    assert notice_of(post.message) == "Mentoring 2027-28: apply until Monday, March 15"
    for words in (
        "Work on your questions with an experienced colleague",
        "from Tuesday, June 1 to Sunday, April 30",
        "apply until Monday, March 15",
        "everyone hears by Monday, May 3",
        "Questions go to Olga.",
    ):
        assert words in post.text
    assert [(label_of(b), b.run) for b in post.message.buttons()] == [
        ("Apply", "mentor join"),
        ("What would I be agreeing to?", "mentor about"),
        ("Tell me about the next call", "mentor tell"),
    ]
    opened = await reads(stage, Cohort, cohort.id)
    assert (opened.state, opened.opens_on) == (CohortState.OPEN, date(2027, 2, 1))
    assert opened.next_date_at == datetime(2027, 3, 16, 5, tzinfo=UTC)


async def test_who_asked_for_it_hears_of_the_call_once(stage: Stage, olga: Actor) -> None:
    await _draft(stage)
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await change_person(stage, ada, wants_call=True)
    await olga.types("/cohort open channel:mentoring")
    assert "One person who asked to hear of it gets a message." in olga.text
    await olga.presses("Post it")
    await stage.pulse()
    assert [notice_of(post.message) for post in ada.inbox] == ["A new call for mentoring is open"]
    assert ben.inbox == []
    assert not (await reads(stage, Person, ada.id)).wants_call


async def test_several_channels_are_asked_by_one_tap(stage: Stage, olga: Actor) -> None:
    await _draft(stage)
    await olga.types("/cohort open")
    assert olga.labels() == ["liaisons", "mentoring"]
    await olga.presses("mentoring")
    assert "A preview." in olga.text


@pytest.mark.parametrize("word", ["mentoring", "#mentoring"])
async def test_a_single_word_names_the_channel(stage: Stage, olga: Actor, word: str) -> None:
    await _draft(stage)
    await olga.types(f"/cohort open {word}")
    assert "everybody in #mentoring reads it" in olga.text


async def test_an_open_call_is_posted_in_one_more_channel_and_follows_the_first(stage: Stage, olga: Actor) -> None:
    await _draft(stage)
    await olga.types("/cohort announce channel:liaisons")
    assert "is a draft" in olga.text
    await _post(olga)
    await olga.types("/cohort announce channel:mentoring")
    assert "The call is in #mentoring already." in olga.text
    await olga.types("/cohort announce channel:liaisons")
    assert "I post the call in #liaisons too." in olga.text
    await olga.types("/cohort announce channel:liaisons")
    assert "The call is in #liaisons already." in olga.text
    await stage.pulse()
    both = [*stage.channel("mentoring"), *stage.channel("liaisons")]
    assert [words_of(post.message) for post in both] == [both[0].text] * 2
    await olga.types("/cohort close")
    await stage.forward(hours=1)
    assert ["the call is closed" in post.text for post in both] == [True, True]
    assert [post.rewritten for post in both] == [1, 1]


async def test_a_call_that_does_not_arrive_can_be_posted_elsewhere(stage: Stage, olga: Actor) -> None:
    await _draft(stage)
    stage.messenger.closed.add("C-mentoring")
    await _post(olga)
    await stage.pulse()

    assert "let me post the call in another one" in olga.inbox[-1].text
    assert [label_of(button) for button in olga.inbox[-1].message.buttons()] == [
        "Post it elsewhere",
        "Where do we stand?",
    ]
    await olga.presses("Post it elsewhere")
    await olga.presses("liaisons")
    await stage.pulse()
    assert len(stage.channel("liaisons")) == 1


async def test_channels_of_every_chat_of_the_community_can_be_chosen(stage: Stage, olga: Actor) -> None:
    await _draft(stage)
    await _post(olga)
    max_ = await stage.person("Max", space="museum")
    await olga.types("/cohort announce")
    assert olga.labels() == ["liaisons", "mentoring"]
    max_.is_admin = True
    await joined(stage, olga, max_)
    await olga.types("/cohort announce")
    assert olga.labels() == ["liaisons", "mentoring", "liaisons (Museum)", "mentoring (Museum)"]
    await stage.person("Zoe", space="zoo")
    async with stage.app.storage.reading() as work:
        foreign = await work.first(
            select(Channel.id).join(Space, Channel.space_id == Space.id).where(Space.external == "zoo")
        )
    await olga.types(f"/cohort announce channel:{foreign}")
    assert "I post the call" not in olga.text


async def test_a_call_for_a_later_day_can_wait_for_it(stage: Stage, olga: Actor) -> None:
    cohort = await _draft(stage, opens_on=date(2027, 2, 15))
    await olga.types("/cohort open channel:mentoring")
    assert olga.labels() == ["Post it now", "Post it on Monday, February 15", "Change the dates"]
    await olga.presses("Post it on Monday, February 15")
    assert "I post it in #mentoring on Monday, February 15." in olga.text
    waiting = await reads(stage, Cohort, cohort.id)
    assert (waiting.state, waiting.next_date_at) == (CohortState.DRAFT, datetime(2027, 2, 15, 16, tzinfo=UTC))
    await stage.to(datetime(2027, 2, 15, 15, 59, tzinfo=UTC))
    assert stage.channel("mentoring") == []
    await stage.to(datetime(2027, 2, 15, 16, tzinfo=UTC))
    assert [post.at for post in stage.channel("mentoring")] == [datetime(2027, 2, 15, 16, tzinfo=UTC)]
    assert (await reads(stage, Cohort, cohort.id)).state is CohortState.OPEN


async def test_a_waiting_call_can_be_taken_back(stage: Stage, olga: Actor) -> None:
    cohort = await _draft(stage, opens_on=date(2027, 2, 15))
    await olga.types("/cohort open channel:mentoring")
    await olga.presses("Post it on Monday, February 15")
    await stage.forward(days=3)
    await olga.presses("Undo")
    assert (await reads(stage, Cohort, cohort.id)).next_date_at is None
    await stage.to(date(2027, 3, 1))
    assert stage.channel("mentoring") == []


async def test_a_call_that_has_opened_by_itself_is_not_taken_back(stage: Stage, olga: Actor) -> None:
    cohort = await _draft(stage, opens_on=date(2027, 2, 15))
    await olga.types("/cohort open channel:mentoring")
    await olga.presses("Post it on Monday, February 15")
    await stage.to(date(2027, 2, 16))
    await olga.presses("Undo")
    assert olga.text == "This was undone or changed again since. /cohort status shows what you can do now."
    assert (await reads(stage, Cohort, cohort.id)).call_channel_id is not None


async def test_a_waiting_call_does_not_join_another_one(stage: Stage, olga: Actor) -> None:
    await _draft(stage, opens_on=date(2027, 2, 15))
    await olga.types("/cohort open channel:mentoring")
    await olga.presses("Post it on Monday, February 15")
    await stage.cohort(title="Another", state=CohortState.OPEN)
    await stage.to(date(2027, 2, 16))
    assert stage.channel("mentoring") == []
    assert [notice_of(post.message) for post in olga.inbox] == ["The call for Mentoring 2027-28 waits for you."]
    assert "Another takes applications" in olga.inbox[0].text


class TestRefusing:
    """What cannot be opened, and what to do instead."""

    async def test_a_second_call_at_a_time(self, stage: Stage, olga: Actor) -> None:
        await stage.cohort(title="First", state=CohortState.MATCHING)
        await _draft(stage, title="Second")
        await olga.types("/cohort open channel:mentoring")
        assert olga.text == (
            "“First” takes applications or forms its pairs at the moment, and there is one call at a time. "
            "Publish its pairs first; “Second” stays a draft until then."
        )

    async def test_before_a_channel_is_asked_for(self, stage: Stage, olga: Actor) -> None:
        first = await stage.cohort(title="First", state=CohortState.OPEN)
        await olga.types("/cohort open")
        assert olga.text == "“First” is open for applications. /cohort close ends the call."
        await _draft(stage, title="Second")
        for typed in ("/cohort open", "/cohort open mentoring"):
            await olga.types(typed)
            assert "“Second” stays a draft until then." in olga.text
        await _draft(stage, title="Third")
        for typed in ("/cohort open", "/cohort open mentoring"):
            await olga.types(typed)
            assert "your drafts stay as they are until then." in olga.text
        async with stage.app.storage.work() as work:
            (await work.get(Cohort, first.id)).state = CohortState.ACTIVE
        await olga.types("/cohort open mentoring")
        assert olga.labels() == ["Third", "Second"]
        await olga.presses("Second")
        assert "everybody in #mentoring reads it" in olga.text

    async def test_a_call_that_is_open(self, stage: Stage, olga: Actor) -> None:
        await _draft(stage)
        await _post(olga)
        await olga.types("/cohort open channel:mentoring")
        assert olga.text == "“Mentoring 2027-28” is open for applications. /cohort close ends the call."

    async def test_a_call_whose_time_has_passed(self, stage: Stage, olga: Actor) -> None:
        await _draft(stage, closes_on=date(2027, 1, 31))
        await olga.types("/cohort open channel:mentoring")
        assert "would close on a day that has passed. /cohort edit moves its dates." in olga.text

    async def test_an_unknown_channel(self, stage: Stage, olga: Actor) -> None:
        await _draft(stage)
        await olga.types("/cohort open channel:secrets")
        assert "I do not find “secrets” here." in olga.text


class TestRewriting:
    """The post in the channel says what is true."""

    async def test_it_is_closed_when_the_call_is(self, stage: Stage, olga: Actor) -> None:
        await _draft(stage)
        await _post(olga)
        await stage.to(date(2027, 3, 17))
        [post] = stage.channel("mentoring")
        assert post.rewritten == 1
        assert "Mentoring 2027-28: the call is closed." in post.text
        assert [label_of(b) for b in post.message.buttons()] == ["Tell me about the next call"]

    async def test_closed_early_and_undone_it_never_changes(self, stage: Stage, olga: Actor) -> None:
        await _draft(stage)
        await _post(olga)
        await stage.pulse()
        await olga.types("/cohort close")
        await olga.presses("Undo")
        await stage.forward(hours=1)
        assert stage.channel("mentoring")[0].rewritten == 0

    async def test_cancelled_it_says_so(self, stage: Stage, olga: Actor) -> None:
        await _draft(stage)
        await _post(olga)
        await stage.pulse()
        await olga.types("/cohort cancel")
        await olga.presses("Yes, cancel it")
        await stage.forward(minutes=10)
        assert "Mentoring 2027-28 does not take place." in stage.channel("mentoring")[0].text

    async def test_moved_dates_are_corrected(self, stage: Stage, olga: Actor) -> None:
        await _draft(stage)
        await _post(olga)
        await stage.pulse()
        await olga.types("/cohort edit")
        assert isinstance(olga.last, Form)
        await olga.sends(closes_on="2027-03-20")
        assert "I correct the call where it is posted." in olga.text
        await olga.presses("Do it")
        await stage.forward(minutes=10)
        assert "apply until Saturday, March 20" in stage.channel("mentoring")[0].text


@pytest.mark.parametrize("name", templates())
async def test_agreeing_is_explained_to_everybody(stage: Stage, name: str) -> None:
    await stage.cohort(template=name, state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await ada.types("/mentor about")
    assert "2 hours a month from Tuesday, June 1 to Sunday, April 30" in ada.text
    for point in template(name).agreement:
        assert point.title in ada.text
    for line in template(name).code_of_conduct:
        assert line in ada.text
    assert ada.labels() == ["Apply", "Tell me about the next call"]
    assert len(ada.text) < 2000


async def test_agreeing_is_explained_before_any_call(stage: Stage) -> None:
    ada = await stage.person("Ada", Duty.COMMITTEE)
    await ada.types("/mentor about")
    assert "Your time: at least 2 hours a month, for talks with your partner." in ada.text
