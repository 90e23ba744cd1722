"""Looking after pairs: sharing them out, seeing how they do, writing to them; and what nobody else learns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import Cohort, ConcernTo, Duty, Pairing, PairingState, Person, Rider
from bot.ui import Form, Message, Rows
from tests.caring import (
    FIRST_MONDAY,
    begin,
    change,
    concern,
    goal,
    many_pairs,
    only_summaries,
    talk,
    told_of_silence,
)
from tests.stage import Actor, Stage
from tests.wording import notice_of

WRITTEN = ("leave this job", "the new director", "help with")


@pytest.fixture(autouse=True)
def _liaisons(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    only_summaries(stage, monkeypatch)


@pytest.fixture
async def cohort(stage: Stage) -> Cohort:
    await stage.to(datetime(2027, 6, 9, 15, tzinfo=UTC))
    return await stage.cohort()


@pytest.fixture
async def vera(stage: Stage) -> Actor:
    return await stage.person("Vera", Duty.COORDINATOR)


@pytest.fixture
async def olga(stage: Stage) -> Actor:
    return await stage.person("Olga", Duty.LIAISON)


@pytest.fixture
async def pair(stage: Stage, cohort: Cohort, olga: Actor) -> int:
    """Ada and Ben, whom Olga looks after."""
    return await stage.pair(await stage.person("Ben"), await stage.person("Ada"), cohort=cohort, liaison=olga)


async def _liaison_of(stage: Stage, pair: int) -> int | None:
    async with stage.app.storage.reading() as work:
        return (await work.get(Pairing, pair)).liaison_id


async def test_pairs_are_spread_evenly_and_each_liaison_hears_once(
    stage: Stage, cohort: Cohort, vera: Actor, olga: Actor
) -> None:
    max_ = await stage.person("Max", Duty.LIAISON)
    pairs = await many_pairs(stage, cohort, [], 5)
    own = await stage.pair(max_, await stage.person("Eve"), cohort=cohort)
    await vera.types("/liaison assign")
    await vera.sends()
    await stage.pulse()

    assert "6 pairs have a liaison now." in vera.text
    assert "Olga\n3 pairs\nMax\n3 pairs" in vera.text
    assert len(olga.inbox) == len(max_.inbox) == 1
    assert await _liaison_of(stage, own) == olga.id
    assert {await _liaison_of(stage, pair) for pair in pairs} == {olga.id, max_.id}
    await vera.runs("liaison assign", pair="")
    assert "Nothing had to change" in vera.text


async def test_pairs_of_somebody_who_left_the_team_go_to_others(
    stage: Stage, cohort: Cohort, vera: Actor, olga: Actor
) -> None:
    gone = await stage.person("Gone")
    (pair,) = await many_pairs(stage, cohort, [gone], 1)
    await vera.runs("liaison assign", pair="")
    assert await _liaison_of(stage, pair) == olga.id


async def test_one_pair_can_be_moved_and_given_back(stage: Stage, pair: int, vera: Actor, olga: Actor) -> None:
    max_ = await stage.person("Max", Duty.LIAISON)
    await vera.runs("liaison assign", pair=str(pair))
    assert "Who should look after Ada and Ben?" in vera.text
    await vera.presses("Choose Max")
    await stage.pulse()
    assert await _liaison_of(stage, pair) == max_.id
    assert "You look after 1 pair" in max_.inbox[-1].text
    assert "Max looks after" in olga.inbox[-1].text
    async with stage.app.storage.reading() as work:
        from sqlalchemy import select

        riders = await work.all(select(Rider.person_id))
    assert sorted(riders) == sorted([stage.people["Ada"].id, stage.people["Ben"].id])
    await olga.runs("liaison pair", pair=str(pair))
    assert "Ada" not in olga.text
    await vera.presses("Give it back to Olga")
    assert await _liaison_of(stage, pair) == olga.id
    await stage.pulse()
    assert "Olga looks after" in stage.people["Max"].inbox[-1].text, "also when it was given back at once"


async def test_nobody_looks_after_their_own_pair(stage: Stage, cohort: Cohort, vera: Actor, olga: Actor) -> None:
    own = await stage.pair(olga, await stage.person("Eve"), cohort=cohort)
    await vera.types(f"/liaison assign pair:{own} liaison:Olga")
    assert "Olga is in that pair" in vera.text
    await vera.runs("liaison assign", pair="")
    assert "1 pair has none: all liaisons are in it themselves" in vera.text
    assert await _liaison_of(stage, own) is None


async def test_a_liaison_sees_days_and_figures_and_no_words(stage: Stage, pair: int, olga: Actor) -> None:
    await talk(stage, pair, date(2027, 6, 8))
    await goal(stage, pair, "leave this job", reached=True)
    await goal(stage, pair, "the new director")
    await concern(stage, pair, stage.people["Ada"])
    await olga.types("/liaison pairs")
    assert "You look after 1 pair." in olga.text
    assert (
        "Ada and Ben: may need a hand. Last news on Tuesday, June 8. 2 of 3 goals written down, 1 reached." in olga.text
    )
    await olga.presses("See this pair")
    assert "Asked for help\nAda, on Wednesday, June 9" in olga.text
    assert "1, the last on Tuesday, June 8" in olga.text
    assert not any(words in olga.text for words in WRITTEN)


async def test_who_asked_to_be_heard_alone_is_not_written_to_in_the_room(stage: Stage, pair: int, olga: Actor) -> None:
    await concern(stage, pair, stage.people["Ada"])
    await olga.types("/liaison pair")
    assert olga.labels() == ["I am in touch", "My pairs"]


async def test_what_only_the_coordinator_was_told_stays_with_the_coordinator(
    stage: Stage, pair: int, vera: Actor, olga: Actor
) -> None:
    later = await stage.person("Later", Duty.COORDINATOR)
    await concern(stage, pair, stage.people["Ada"], to=ConcernTo.COORDINATOR)
    for reader, known in ((olga, False), (vera, True), (later, False)):
        await reader.runs("liaison pair", pair=str(pair))
        assert ("Asked for help\nAda" in reader.text) is known


async def test_what_the_liaison_was_told_stays_with_the_liaison(
    stage: Stage, pair: int, vera: Actor, olga: Actor
) -> None:
    await concern(stage, pair, stage.people["Ada"])
    for reader, known in ((olga, True), (vera, False)):
        await reader.runs("liaison pair", pair=str(pair))
        assert ("Asked for help\nAda" in reader.text) is known


async def test_lists_have_pages_of_ten_and_begin_with_those_in_need(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    pairs = await many_pairs(stage, cohort, [olga], 23)
    await change(stage, Person, stage.people["Pupil17"].id, unreachable_since=stage.clock.now())
    reply = await olga.types("/liaison pairs")
    assert isinstance(reply, Message)
    rows = next(part for part in reply.parts if isinstance(part, Rows)).rows
    assert len(rows) == 10
    assert rows[0].buttons[0].args == {"pair": str(pairs[16])}
    assert "1 to 10 of 23" in olga.text
    await olga.presses("Next")
    await olga.presses("Next")
    assert "21 to 23 of 23" in olga.text
    assert len(olga.text) < 2000
    await olga.runs("liaison pairs", page="99")
    assert "21 to 23 of 23" in olga.text


async def test_a_coordinator_sees_all_pairs(stage: Stage, cohort: Cohort, pair: int, vera: Actor) -> None:
    await vera.types("/liaison pairs")
    assert "1 pair is under way." in vera.text
    assert "Ada and Ben" in vera.text


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("liaison pair", {}),
        ("liaison write", {"text": "hello"}),
        ("liaison touch", {}),
        ("liaison untouch", {}),
        ("liaison pairs", {"everybody": "yes"}),
        ("liaison assign", {"liaison": "1"}),
        ("liaison handover", {"liaison": "1"}),
        ("liaison pace", {"cohort": "1", "weeks": "2"}),
    ],
)
async def test_forged_buttons_teach_nobody_anything(
    stage: Stage, cohort: Cohort, pair: int, path: str, args: dict[str, str]
) -> None:
    stranger = await stage.person("Mallory")
    other = await stage.person("Other", Duty.LIAISON)
    committee = await stage.person("Reader", Duty.COMMITTEE)
    for forger in (stranger, other, committee, stage.people["Ada"]):
        if path == "liaison pace" and forger is other:
            continue
        await forger.runs(path, pair=str(pair), **args)
        assert "Ada" not in forger.text
        assert "Ben" not in forger.text
    async with stage.app.storage.reading() as work:
        found = await work.get(Pairing, pair)
        assert (found.liaison_id, found.liaison_told_at) == (stage.people["Olga"].id, None)
    await stage.pulse()
    assert not [post for post in stage.messenger.posts if "hello" in post.text]


async def test_a_pair_and_one_that_does_not_exist_are_refused_alike(stage: Stage, pair: int) -> None:
    other = await stage.person("Other", Duty.LIAISON)
    await other.runs("liaison pair", pair=str(pair))
    mine = other.text.replace(str(pair), "#")
    await other.runs("liaison pair", pair="987")
    assert other.text.replace("987", "#") == mine


async def test_a_liaison_writes_to_both_in_their_room(stage: Stage, pair: int, olga: Actor) -> None:
    form = await olga.types("/liaison write")
    assert isinstance(form, Form)
    assert "Read by the two of them, in their room, with your name." in olga.text
    await olga.sends(text="How are you *both*? <!channel>")
    assert "Your words to Ada and Ben are on their way" in olga.text
    await stage.pulse()
    posted = stage.messenger.posts[-1]
    assert posted.conversation.startswith("room-")
    assert "Olga, your liaison, writes to you both:\nHow are you *both*? <!channel>" in posted.text
    assert notice_of(posted.message) == "A word from your program's team"


async def test_words_written_on_a_weekend_arrive_on_monday(stage: Stage, pair: int, olga: Actor) -> None:
    """Saturday, June 12, 2027; days begin at 8:00 in Chicago, which is 13:00 UTC."""
    await stage.to(datetime(2027, 6, 12, 15, tzinfo=UTC))
    await olga.runs("liaison write", pair=str(pair), text="hello")
    assert "Monday, June 14" in olga.text
    await stage.to(datetime(2027, 6, 14, 12, 59, tzinfo=UTC))
    assert not stage.messenger.posts
    await stage.forward(minutes=2)
    assert "hello" in stage.messenger.posts[-1].text


async def test_being_in_touch_settles_the_worry_for_a_while(
    stage: Stage, cohort: Cohort, pair: int, olga: Actor
) -> None:
    await goal(stage, pair, "one")
    await begin(stage, cohort)
    await concern(stage, pair, stage.people["Ada"])
    await stage.to(FIRST_MONDAY + timedelta(days=8))
    await olga.presses("I am in touch")
    assert "you take care of Ada and Ben" in olga.text
    await olga.types("/liaison pair")
    assert "Asked for help\nno" in olga.text
    assert "A person was in touch\nTuesday, June 15" in olga.text
    await told_of_silence(stage, pair)
    await olga.types("/liaison pairs")
    assert "None needs a hand" in olga.text
    await stage.to(date(2027, 7, 20))
    assert "your pair may need you" in olga.inbox[-1].text


async def test_being_in_touch_can_be_undone(stage: Stage, pair: int, olga: Actor) -> None:
    await concern(stage, pair, stage.people["Ada"])
    await olga.runs("liaison touch", pair=str(pair))
    await olga.presses("Undo")
    await olga.types("/liaison pair")
    assert "Asked for help\nAda" in olga.text
    await olga.runs("liaison untouch", pair=str(pair))
    assert "nothing to take back" in olga.text


async def test_the_channel_must_be_private(stage: Stage, cohort: Cohort, vera: Actor, olga: Actor) -> None:
    await begin(stage, cohort, channel="")
    await vera.types("/liaison channel mentoring")
    assert "Everybody can read #mentoring" in vera.text
    await vera.types("/liaison channel #liaisons")
    assert "goes to #liaisons" in vera.text
    assert "Monday, June 14 at 10:00" in vera.text
    await olga.types("/liaison channel liaisons")
    assert "is for coordinators" in olga.text


async def test_the_summary_can_be_posted_now(stage: Stage, cohort: Cohort, pair: int, vera: Actor, olga: Actor) -> None:
    await olga.types("/liaison summary")
    assert "A coordinator can choose one" in olga.text
    await vera.types("/liaison summary")
    await vera.presses("Choose a channel")
    await vera.sends(channel="C-liaisons")
    await vera.presses("Post one now")
    await olga.types("/liaison summary")
    await stage.pulse()
    assert len(stage.channel("liaisons")) == 1
    assert "Ada" not in stage.channel("liaisons")[0].text


async def test_every_two_weeks_is_enough(stage: Stage, cohort: Cohort, pair: int, olga: Actor) -> None:
    await begin(stage, cohort)
    await stage.to(date(2027, 6, 15))
    await olga.presses("Every two weeks, for all liaisons")
    assert "every two weeks now, for all liaisons" in olga.text
    await stage.to(date(2027, 7, 20))
    days = [post.at.date() for post in olga.inbox]
    assert days == [date(2027, 6, 14), date(2027, 6, 21), date(2027, 7, 5), date(2027, 7, 19)]
    await olga.presses("Every week, for all liaisons")
    await stage.to(date(2027, 7, 27))
    assert olga.inbox[-1].at.date() == date(2027, 7, 26)


async def test_a_liaison_who_is_away_hands_over(stage: Stage, cohort: Cohort, vera: Actor, olga: Actor) -> None:
    max_ = await stage.person("Max", Duty.LIAISON)
    pairs = await many_pairs(stage, cohort, [olga], 3)
    await olga.runs("liaison away")
    await olga.presses("Yes, please ask")
    await stage.pulse()
    assert "Olga looks after 3 pairs and asks that somebody else does." in vera.inbox[-1].text
    await vera.presses("Share them out")
    await stage.pulse()
    assert {await _liaison_of(stage, pair) for pair in pairs} == {max_.id}
    assert "You look after 3 pairs" in max_.inbox[-1].text
    assert "Max looks after them now" in olga.inbox[-1].text


async def test_handing_over_needs_somebody_else(stage: Stage, pair: int, vera: Actor, olga: Actor) -> None:
    await vera.runs("liaison handover", liaison=str(olga.id))
    assert "There is nobody else" in vera.text
    assert await _liaison_of(stage, pair) == olga.id


async def test_a_pair_that_ended_can_be_seen_and_is_left_alone(stage: Stage, pair: int, olga: Actor) -> None:
    await change(stage, Pairing, pair, state=PairingState.ENDED)
    await olga.runs("liaison pair", pair=str(pair))
    assert "Ada and Ben" in olga.text
    await olga.runs("liaison write", pair=str(pair), text="hello")
    assert "has ended" in olga.text
    await olga.types("/liaison pairs")
    assert "You look after no pair" in olga.text


async def test_posting_the_summary_shows_a_liaison_the_names_and_others_none(
    stage: Stage, cohort: Cohort, pair: int, olga: Actor, vera: Actor
) -> None:
    await begin(stage, cohort)
    await olga.types("/liaison summary")
    assert "None of the pairs that you look after needs a hand." in olga.text
    await concern(stage, pair, stage.people["Ada"])
    await olga.types("/liaison summary")
    assert "What it says of your pairs is here, for you alone." in olga.text
    assert "Ada and Ben: Ada asked on Wednesday, June 9, to hear from you alone." in olga.text
    await vera.types("/liaison summary")
    assert "is on its way to" in vera.text
    assert "Ada" not in vera.text
